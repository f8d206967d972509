"""The fields of a form beside those that somebody fills in, by name: what is done with each (pure).

|          | kept after an ended session | part of what the form says | shown where it was refused | sent on by a page |
|----------|-----------------------------|----------------------------|----------------------------|-------------------|
| tokens   | no                          | no                         | no                         | yes               |
| marks    | yes                         | yes                        | no                         | yes               |
| secrets  | no                          | yes, as a digest           | no                         | no, nor the form  |
| the rest | yes                         | yes                        | yes                        | yes               |
"""

# made anew whenever the form is opened
TOKENS = frozenset({"csrfmiddlewaretoken", "request_id", "person", "kept"})
# where the form stood and what it was opened on: without it, what others changed meanwhile would be overwritten unseen
MARKS = frozenset({"version", "part", "next"})
# parts of names (“password1”, “oldpassword”): whoever reads over a shoulder, or a backup, must not have what is in them
SECRETS = ("password", "code", "credential")


def is_secret(name: str) -> bool:
    """Whether the field holds what is nobody else's to see."""
    return any(part in name for part in SECRETS)


def is_kept(name: str) -> bool:
    """Whether the field's text is kept for somebody whose session ended."""
    return name not in TOKENS and not is_secret(name)


def is_shown(name: str) -> bool:
    """Whether somebody filled it in and may see it again on a page that says no."""
    return is_kept(name) and name not in MARKS
