"""What forms sent: once each, whatever the network, the finger or the Back button does."""

from django.conf import settings
from django.db import models

from claims.models.days import Moment


class Submission(models.Model):
    """A form's request id with the digest of what it sent and the row it made. Not a domain row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    request_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    made = models.CharField(max_length=60, blank=True)
    created_at = Moment(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "request_id"], name="one_submission_a_request"),
        ]

    def __str__(self) -> str:
        return str(self.request_id)
