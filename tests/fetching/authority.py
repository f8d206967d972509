"""A time stamping authority of this machine: real keys, real replies, made by OpenSSL."""

import http.server
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Root of a test
[stamping]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[tsa]
default_tsa = this
[this]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = {digests}
"""
EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@dataclass
class Authority:
    """Where it is, what it was asked, and what it says in place of its reply."""

    folder: Path
    port: int = 0
    asked: list[bytes] = field(default_factory=list)
    types: list[str | None] = field(default_factory=list)
    status: int = 200
    instead: Callable[[bytes], bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsr"

    @property
    def pair(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def root(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.folder / "root.pem").read_bytes())

    def make(self, digests: str = "sha256") -> None:
        """Its root, its key, and the certificate that may stamp."""
        config, root, signer = self.folder / "openssl.cnf", self.folder / "root", self.folder / "signer"
        config.write_text(CONFIG.format(folder=self.folder, digests=digests))
        self._openssl("req", "-x509", *EC, "-keyout", f"{root}.key", "-out", f"{root}.pem", "-config", config)
        named = ("-subj", "/CN=Test time stamping", "-config", config)
        self._openssl("req", "-new", *EC, "-keyout", f"{signer}.key", "-out", f"{signer}.csr", *named)
        by = ("-CA", f"{root}.pem", "-CAkey", f"{root}.key", "-CAcreateserial")
        what = ("-extfile", config, "-extensions", "stamping")
        self._openssl("x509", "-req", "-in", f"{signer}.csr", "-out", f"{signer}.pem", *by, *what)

    def reply(self, query: bytes) -> bytes:
        """A stamp, or why there is none."""
        asked, said = self.folder / "query", self.folder / "reply"
        asked.write_bytes(query)
        self._openssl("ts", "-reply", "-queryfile", asked, "-config", self.folder / "openssl.cnf", "-out", said)
        return said.read_bytes()

    def agrees(self, content: bytes, reply: bytes) -> str:
        """What OpenSSL says of a reply."""
        (self.folder / "content").write_bytes(content)
        (self.folder / "kept").write_bytes(reply)
        named = ("-data", self.folder / "content", "-in", self.folder / "kept", "-CAfile", self.folder / "root.pem")
        return self._openssl("ts", "-verify", *named)

    def _openssl(self, *words: object) -> str:
        done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr


@contextmanager
def stamping(folder: Path) -> Iterator[Authority]:
    authority = Authority(folder)
    authority.make()

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked.append(query)
            authority.types.append(self.headers["Content-Type"])
            body = (authority.instead or authority.reply)(query)
            self.send_response(authority.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            # who asked may be gone by now
            with suppress(OSError):
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_said: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        authority.port = server.server_address[1]
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield authority
        finally:
            server.shutdown()
            serving.join()
