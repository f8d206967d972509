"""The address of a source that is still being described."""

from claims.forms.fields import Form, Line
from claims.forms.sources import web_address


class AheadForm(Form):
    """An address, as the form of the source takes it: what is no address of the web yet is not fetched."""

    url = Line(max_length=2000)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        web_address(url)
        return url
