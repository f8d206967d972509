"""People who sign in. A User is not a domain row: memberships are."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from claims.models.days import Moment


class UserManager(BaseUserManager["User"]):
    """Makes and finds people by e-mail, whatever its case."""

    def create_user(self, email: str, name: str, password: str | None = None, **more: Any) -> "User":
        """Make a person; without a password nobody can sign in as them."""
        user = self.model(email=email.strip().lower(), name=name, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. There is no superuser: what a person may do, a membership says."""

    email = models.EmailField(_("Email"), unique=True)
    name = models.CharField(_("Name"), max_length=120)
    shortcuts = models.BooleanField(_("Keyboard shortcuts"), default=True)
    is_active = models.BooleanField(default=True)
    last_login = Moment(blank=True, null=True)
    date_joined = Moment(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_an_email")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name
