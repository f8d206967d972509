"""Pages that say no: what happened, what was kept, what to do."""

from collections.abc import Callable

import pytest
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from claims.actions import Retyped
from claims.models import User
from claims.roles import NotAllowed
from claims.views import errors
from tests.people import BACKEND

As = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def asked(user: User, method: str = "GET", data: dict[str, str] | None = None, **headers: str) -> HttpRequest:
    """A request of a person, as the middleware leaves it."""
    request = RequestFactory().generic(method, "/articles/9/", headers=headers)
    if data is not None:
        request = RequestFactory().post("/articles/9/", data, headers=headers)
    request.user = user
    request.session = {}  # type: ignore[assignment]
    request.htmx = "HX-Request" in headers  # type: ignore[attr-defined]
    return request


def after(fault: Exception, request: HttpRequest) -> HttpResponse:
    """The page that Django asks for while it handles the fault."""
    try:
        raise fault
    except type(fault):
        return errors.server_error(request)


def test_an_unknown_address_is_answered_in_the_look_of_the_house(as_: As, checker: User) -> None:
    answer = as_(checker).get("/nothing/of/the/kind/")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "Nothing here under that address" in page
    assert "/nothing/of/the/kind/" in page
    assert "masthead" in page


def test_an_unknown_address_is_answered_for_strangers_too(client: Client, db: None) -> None:
    answer = client.get("/nothing/")
    assert answer.status_code == 404
    assert "Sign in" in answer.content.decode()


def test_a_missing_role_says_why_and_who_can(checker: User) -> None:
    answer = errors.forbidden(asked(checker), NotAllowed("To change the policy takes the role Admin."))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "To change the policy takes the role Admin." in page
    assert "Admins of The Wexcombe Ledger: Margit Sørensen." in page


def test_a_refusal_of_the_middleware_keeps_what_was_typed(checker: User) -> None:
    middleware = errors.Refusals(lambda _request: HttpResponse())
    request = asked(checker, data={"statement": "has carried the city’s bread", "password": "x1", "request_id": "u"})
    answer = middleware.process_exception(request, Retyped())
    assert answer is not None
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "has carried the city’s bread" in page
    assert "x1" not in page


def test_the_middleware_lets_everything_else_pass(checker: User) -> None:
    assert errors.Refusals(lambda _request: HttpResponse()).process_exception(asked(checker), KeyError()) is None


def test_htmx_gets_a_notice_and_nothing_that_replaces_the_page(checker: User) -> None:
    answer = errors.forbidden(asked(checker, **HTMX), NotAllowed("Not yours."))
    page = answer.content.decode().strip()
    assert answer.status_code == 403
    assert page.startswith('<hx-partial hx-target="#notices"')
    assert page.endswith("</hx-partial>")
    assert "<html" not in page


def test_a_form_with_an_old_key_is_not_lost(checker: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(checker, backend=BACKEND)
    answer = client.post("/accounts/", {"part": "name", "name": "Ifeoma <Orme>"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "This form was open for too long" in page
    assert "Ifeoma &lt;Orme&gt;" in page
    assert 'href="/accounts/"' in page


def test_the_page_of_a_fault_asks_no_database(rf: RequestFactory, caplog: pytest.LogCaptureFixture) -> None:
    answer = after(ValueError(), rf.get("/articles/9/"))
    page = answer.content.decode()
    number = caplog.records[-1].args[0]  # type: ignore[index]
    assert answer.status_code == 500
    assert str(number) in page
    assert "nothing was half saved" in page


def test_the_page_of_a_fault_shows_what_was_typed_and_no_secret(rf: RequestFactory) -> None:
    sent = {"statement": "The bill is <31> million.", "password": "hunter2", "request_id": "x"}
    page = after(ValueError(), rf.post("/articles/9/claims/1/", sent)).content.decode()
    assert "The bill is &lt;31&gt; million." in page
    assert "hunter2" not in page


def test_a_database_that_is_away_is_no_fault(rf: RequestFactory) -> None:
    answer = after(OperationalError(), rf.get("/articles/9/"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Back in a moment" in answer.content.decode()


def test_a_request_that_cannot_be_read_is_answered_without_reading_it(rf: RequestFactory) -> None:
    answer = errors.bad_request(rf.generic("POST", "/", b"\0"), BadRequest())
    assert answer.status_code == 400
    assert "could not read that request" in answer.content.decode()
