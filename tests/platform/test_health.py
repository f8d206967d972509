"""/healthz, and what every answer carries."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client


def test_it_says_that_the_database_works(client: Client, db: None) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["database"] == "ok"
    assert int(answer.json()["version"].split(".")[0]) >= 15
    assert answer.json()["embedded"] is settings.EMBEDDED


def test_it_names_a_worker_that_is_away(client: Client, db: None) -> None:
    assert client.get("/healthz").json()["worker"] == "away"
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_register_worker_v1()")
        assert client.get("/healthz").json()["worker"] == "ok"
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '61 seconds'")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["worker"]) == (200, "away")


def test_it_says_that_the_database_is_down(
    client: Client, transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "down"


def test_it_is_read_only(client: Client, db: None) -> None:
    assert client.post("/healthz").status_code == 405


def test_pages_run_nothing_but_the_projects_own_files(client: Client, db: None) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_another_host_is_answered_with_a_page(client: Client, db: None) -> None:
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert b"<html" in answer.content
    assert b"evil.example" not in answer.content


def test_the_front_door_leads_to_the_queue(client: Client, db: None) -> None:
    assert client.get("/")["Location"] == "/queue/"


def test_nobody_signs_up(client: Client, db: None) -> None:
    answer = client.post("/accounts/signup/", {"email": "new@ledger.example", "password1": "correct-horse-battery"})
    assert b"password1" not in answer.content
