"""Where the bytes of captures are: a folder, or a store that speaks S3, with the same promises."""

import hashlib
import io
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from moto.server import ThreadedMotoServer

from claims import store
from claims.actions import captures as actions
from claims.models import Capture, Errand, Pending, Team, User
from claims.models.captures import key_of
from claims.store import Damaged, Lost, StoreAway, StoreFull
from tests.captures import Site, add, all_keys, files_in, run_errands, serving
from verify import captures
from verify.folder import Folder

BYTES = b"what the page said" * 1000


def key(content: bytes = BYTES, team: int = 7) -> str:
    return key_of(team, hashlib.sha256(content).hexdigest())


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """An S3 server of this machine, host:port."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket that is this test's store, as GALLEY_STORE names it."""
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=f"http://{s3_server}", **keys)
    client.create_bucket(Bucket="captures")
    monkeypatch.setenv("GALLEY_STORE", f"s3://KEY:SE%2FCRET@{s3_server}/captures/newsroom?tls=0")
    settings.STORAGES = settings.STORAGES | {"captures": captures.storage(Folder(Path("/nowhere")))}
    yield client
    for found in client.list_objects_v2(Bucket="captures").get("Contents", []):
        client.delete_object(Bucket="captures", Key=found["Key"])
    client.delete_bucket(Bucket="captures")


@pytest.fixture(params=["kept_in", "bucket"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of store in turn."""
    request.getfixturevalue(request.param)
    return str(request.param)


# --- of both kinds ---------------------------------------------------------------------------


def test_what_is_put_can_be_read_and_taken_away(kind: str) -> None:
    store.put(key(), io.BytesIO(BYTES))
    store.put(key(), io.BytesIO(BYTES))
    store.put(key(b"x", 12), io.BytesIO(b"x"))
    with store.opened(key()) as file:
        assert file.read() == BYTES
    assert store.exists(key())
    assert store.teams() == [7, 12]
    assert all_keys() == {key(), key(b"x", 12)}
    store.delete(key())
    store.delete(key())
    assert not store.exists(key())
    with pytest.raises(Lost), store.opened(key()):
        pass


def test_a_large_file_of_an_s3_store_is_read_by_way_of_the_disk(bucket: Any) -> None:
    for content, on_disk in ((BYTES, False), (BYTES * 100, True)):
        store.put(key(content), io.BytesIO(content))
        with store.opened(key(content)) as file:
            assert file.file._rolled is on_disk  # type: ignore[attr-defined]
            assert file.read() == content


def test_bytes_that_are_not_what_they_were_are_not_handed_out(kind: str) -> None:
    store.put(key(), io.BytesIO(BYTES + b"!"))
    with pytest.raises(Damaged), store.opened(key()):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_capture_is_kept_in_it(kind: str, site: Site, checker: User, team: Team) -> None:
    add(checker, team, site.url())
    (errand,) = run_errands()
    assert errand.state == Errand.State.KEPT, errand.detail
    capture = Capture.objects.get()
    assert all_keys() == {capture.key, capture.warc_key}


# --- a store that is away, or full -----------------------------------------------------------


def nobody() -> str:
    """host:port at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"127.0.0.1:{probe.getsockname()[1]}"


def say_full(_path: str, write: Callable[[bytes], Any], status: int = 507, code: str = "InsufficientStorage") -> None:
    body = f"<Error><Code>{code}</Code><Message>no room</Message></Error>".encode()
    write(b"HTTP/1.1 %d So\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % (status, len(body)) + body)


def test_an_s3_store_that_is_away_or_refuses_says_so(
    settings: Any, monkeypatch: pytest.MonkeyPatch, s3_server: str
) -> None:
    for where in (f"{nobody()}/captures", f"{s3_server}/no-such-bucket"):
        monkeypatch.setenv("GALLEY_STORE", f"s3://KEY:SECRET@{where}?tls=0")
        settings.STORAGES = settings.STORAGES | {"captures": captures.storage(Folder(Path("/nowhere")))}
        with pytest.raises(StoreAway) as away:
            store.put(key(), io.BytesIO(BYTES))
        assert not isinstance(away.value, StoreFull)
        with pytest.raises(StoreAway), store.opened(key()):
            pass


@pytest.mark.parametrize(("status", "code"), [(507, "InsufficientStorage"), (400, "XMinioStorageFull")])
def test_an_s3_store_that_is_full_says_so(
    settings: Any, monkeypatch: pytest.MonkeyPatch, status: int, code: str
) -> None:
    with serving(lambda path, write: say_full(path, write, status, code)) as port:
        monkeypatch.setenv("GALLEY_STORE", f"s3://KEY:SECRET@127.0.0.1:{port}/captures?tls=0")
        settings.STORAGES = settings.STORAGES | {"captures": captures.storage(Folder(Path("/nowhere")))}
        with pytest.raises(StoreFull, match="no room left"):
            store.put(key(), io.BytesIO(b"x"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", ["store-away", "store-full"])
def test_errands_wait_for_an_s3_store_and_nothing_is_lost(
    bucket: Any, site: Site, checker: User, team: Team, settings: Any, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    there = settings.STORAGES
    source = add(checker, team, site.url())
    received = actions.receive(actor=checker, source=source, file=io.BytesIO(BYTES), name="page.txt")
    actions.ask_upload(actor=checker, source=source, received=received)
    with serving(say_full) as port:
        where = nobody() if code == "store-away" else f"127.0.0.1:{port}"
        monkeypatch.setenv("GALLEY_STORE", f"s3://KEY:SECRET@{where}/captures?tls=0")
        settings.STORAGES = there | {"captures": captures.storage(Folder(Path("/nowhere")))}
        for time in range(1, 6):
            fetched, _sent = run_errands()
            assert (fetched.state, fetched.code, fetched.attempts) == (Errand.State.WAITING, code, time)
            again()
        assert set(Errand.objects.values_list("state", flat=True)) == {Errand.State.WAITING}
    settings.STORAGES = there
    assert [errand.state for errand in run_errands()] == [Errand.State.KEPT] * 2
    assert all_keys() == {key for each in Capture.objects.all() for key in (each.key, each.warc_key) if key}
    assert not Pending.objects.exists()


def again() -> None:
    """The time has come for the next try of all that waits."""
    Errand.objects.update(again_at=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")


def test_a_folder_that_is_not_there_is_away_and_not_empty(kept_in: Path) -> None:
    kept_in.rmdir()
    with pytest.raises(StoreAway):
        store.put(key(), io.BytesIO(BYTES))
    with pytest.raises(StoreAway), store.opened(key()):
        pass
    assert not kept_in.exists()


def test_the_data_folder_s_own_is_made(tmp_path: Path, settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {"captures": captures.storage(Folder(tmp_path))}
    store.put(key(), io.BytesIO(BYTES))
    made = {path.is_dir(): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert made == {True: 0o700, False: 0o600}
    assert len(files_in(tmp_path)) == 1


# --- the folder ------------------------------------------------------------------------------


def test_a_file_that_was_being_written_by_somebody_who_was_killed_is_thrown_away(kept_in: Path) -> None:
    unfinished = kept_in / store.UNFINISHED / "half"
    store.put(key(), io.BytesIO(BYTES))
    unfinished.write_bytes(b"half")
    store.clear()
    assert unfinished.exists()  # it is a moment old
    os.utime(unfinished, (0, 0))
    store.clear()
    assert not unfinished.exists()
    assert store.exists(key())


def test_what_was_left_of_a_file_goes_with_it(kept_in: Path) -> None:
    store.put(key(), io.BytesIO(BYTES))
    store.put(key(b"x"), io.BytesIO(b"x"))
    for name in (key(), key(b"x")):
        (kept_in / store.UNFINISHED / f"{Path(name).name}.1").write_bytes(b"half")
    store.delete(key())
    assert [path.read_bytes() for path in files_in(kept_in)] == [b"half", b"x"]


def test_a_file_that_is_being_written_is_left_alone(kept_in: Path) -> None:
    going_on, go = threading.Event(), threading.Event()

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            going_on.set()
            go.wait(30)
            return super().read(size)

    writer = threading.Thread(target=store.put, args=(key(), Slow(BYTES)))
    writer.start()
    going_on.wait(30)
    store.clear(older_than=-1)
    go.set()
    writer.join()
    with store.opened(key()) as file:
        assert file.read() == BYTES


# --- the setting -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "named",
    [
        "s3://HOST/BUCKET",
        "s3://KEY:SECRET@HOST",
        "s3://KEY@HOST/BUCKET",
        "s3:BUCKET",
        "s3://K:S@H/B?region=x&acl=public",
    ],
)
def test_what_is_no_address_of_a_store_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_STORE", named)
    with pytest.raises(ImproperlyConfigured, match="GALLEY_STORE is no address of a store: s3://KEY:SECRET@HOST"):
        captures.storage(Folder(Path("/nowhere")))


def test_local_addresses_are_never_allowed_beside_an_address_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_CAPTURE_LOCAL", "localhost:8123, 127.0.0.1:1")
    assert captures.local(is_local=True) == {"localhost:8123", "127.0.0.1:1"}
    with pytest.raises(ImproperlyConfigured, match="GALLEY_URL and DATABASE_URL forbid it"):
        captures.local(is_local=False)
    monkeypatch.setenv("GALLEY_CAPTURE_LOCAL", "localhost")
    with pytest.raises(ImproperlyConfigured, match="localhost is none"):
        captures.local(is_local=True)
