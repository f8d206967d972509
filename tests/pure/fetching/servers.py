"""Real local servers that say what they are told to, and listeners that hope to be found."""

import contextlib
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

type Says = bytes | Callable[[socket.socket], None]


@dataclass
class Server:
    """What it was asked, and what it says: the same each time, or by path."""

    port: int
    says: Says | dict[str, Says]
    asked: list[bytes] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def pair(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.pair}/"

    def answer(self, connection: socket.socket) -> None:
        head = b""
        # what does not begin as a request (TLS's hello) has no end to wait for
        while b"\r\n\r\n" not in head and head[:1] in b"G" and (piece := connection.recv(4096)):
            head += piece
        self.asked.append(head)
        path = head.split(b" ")[1].decode() if head.startswith(b"GET ") else ""
        says = self.says.get(path, b"") if isinstance(self.says, dict) else self.says
        if isinstance(says, bytes):
            connection.sendall(says)
        else:
            says(connection)

    def drip(self, head: bytes, drop: bytes) -> Callable[[socket.socket], None]:
        """Says the head at once and then a drop every hundredth of a second, for ever."""

        def says(connection: socket.socket) -> None:
            connection.sendall(head)
            while not self.stop.wait(0.01):
                connection.sendall(drop)

        return says


@contextlib.contextmanager
def serving(says: Says | dict[str, Says] = b"", *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1], says)
        if tls:
            tls.sni_callback = lambda _socket, name, _context: server.names.append(name)
        threads: list[threading.Thread] = []
        accepting = threading.Thread(target=_accept, args=(listener, server, tls, threads))
        accepting.start()
        try:
            yield server
        finally:
            server.stop.set()
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(10)
            for thread in threads:
                thread.join(10)


def _accept(
    listener: socket.socket, server: Server, tls: ssl.SSLContext | None, threads: list[threading.Thread]
) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threads.append(threading.Thread(target=_converse, args=(connection, server, tls)))
        threads[-1].start()


def _converse(connection: socket.socket, server: Server, tls: ssl.SSLContext | None) -> None:
    connection.settimeout(10)
    with connection, contextlib.suppress(OSError):
        if tls is None:
            server.answer(connection)
            connection.shutdown(socket.SHUT_WR)
            return
        with tls.wrap_socket(connection, server_side=True) as secured:
            server.answer(secured)
            with contextlib.suppress(OSError, ValueError):  # it may have hung up already
                secured.unwrap()


@dataclass
class Canary:
    """Listeners on one port of both loopback addresses. Nobody should find them."""

    port: int
    listeners: list[socket.socket]

    def seen(self) -> int:
        """Connections that came; the system takes them even before they are asked for."""
        count = 0
        for listener in self.listeners:
            with contextlib.suppress(BlockingIOError):
                while True:
                    listener.accept()[0].close()
                    count += 1
        return count


@contextlib.contextmanager
def canary() -> Iterator[Canary]:
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = first.getsockname()[1]
        listeners = [first]
        with contextlib.suppress(OSError):  # a machine without IPv6
            listeners.append(stack.enter_context(socket.create_server(("::1", port), family=socket.AF_INET6)))
        for listener in listeners:
            listener.setblocking(False)
        yield Canary(port, listeners)


class Watch:
    """Every address that this process tries to connect to, told by Python itself."""

    def __init__(self) -> None:
        self.on = False
        self.tried: list[tuple[object, ...]] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[object, ...]) -> None:
        if self.on and event in ("socket.connect", "socket.sendto") and isinstance(args[1], tuple):
            self.tried.append(args[1][:2])


WATCH = Watch()


@contextlib.contextmanager
def watching() -> Iterator[list[tuple[object, ...]]]:
    WATCH.tried = []
    WATCH.on = True
    try:
        yield WATCH.tried
    finally:
        WATCH.on = False
