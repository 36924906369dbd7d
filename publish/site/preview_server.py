"""Local preview (本机预览): serves the shown edition over HTTP with the headers of a production server.

Only files listed in the edition's SHA256SUMS are sent, by their exact names: a path outside the site, a link, or an
added file is not found. For the public set up a web server (docs/guides/runbook.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.publish.disclosure.output_checks import LISTING

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".csv": "text/csv; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
}
PLAIN = "text/plain; charset=utf-8"
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'"
_POLICY = re.compile(rb'http-equiv="Content-Security-Policy" content="([^"]*)"')


def create_server(public: Path, host: str = "127.0.0.1", port: int = 8000) -> ThreadingHTTPServer:
    """Create a listening server, not yet serving, for the site at a folder or link; port 0: any free port.

    Misuse if there is no site, DoubleRandomError if the port is in use.
    """
    if not (public / LISTING).is_file():
        raise Misuse(
            _("there is no site at {path}").format(path=public),
            _("build one with: double-random publish build --as-of DATE"),
        )

    class Handler(_Handler):
        site = public

    try:
        return _Server((host, port), Handler)
    except OSError as error:
        raise DoubleRandomError(
            _("{host}:{port} cannot be listened on: {why}").format(
                host=host, port=port, why=error.strerror
            ),
            _("say another one: --port NUMBER"),
        ) from None


def serve_site(
    public: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    tell: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve until Ctrl-C; `tell` is called with the address."""
    with create_server(public, host, port) as listening:
        tell(f"http://{host}:{listening.server_address[1]}/")
        try:
            listening.serve_forever()
        except KeyboardInterrupt:
            return


class _Server(ThreadingHTTPServer):
    """A server that prints no traceback if a client disconnects during a response."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore the error; other requests continue."""


class _Handler(BaseHTTPRequestHandler):
    """One request: GET or HEAD of a file of the edition shown at that moment."""

    site: Path
    server_version, sys_version = "double-random", ""
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1  # headers and body are sent together

    def do_GET(self) -> None:
        """Send a file, or 404."""
        self._answer_request(True)

    def do_HEAD(self) -> None:
        """Send the headers of a file, or 404."""
        self._answer_request(False)

    def _answer_request(self, with_body: bool) -> None:
        file = find_file(self.site, self.path)
        if file is None:
            self._send_answer(HTTPStatus.NOT_FOUND, PLAIN, NOTHING, b"404\n", with_body)
            return
        content = file.read_bytes()
        kind = TYPES.get(file.suffix, PLAIN)
        self._send_answer(
            HTTPStatus.OK, kind, content_policy(file.suffix, content), content, with_body
        )

    def _send_answer(
        self, status: HTTPStatus, kind: str, rule: str, content: bytes, with_body: bool
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", f"{rule}; frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Log nothing, to keep readers private."""


def find_file(public: Path, target: str) -> Path | None:
    """Find the file of a request; None if the edition does not list it. A folder maps to its index.html."""
    decoded = unquote(target.partition("?")[0], errors="replace").removeprefix("/")
    name = f"{decoded}index.html" if decoded.endswith("/") or not decoded else decoded
    edition = public.resolve()
    listing = edition / LISTING
    if name != LISTING and name not in _read_listing(listing, listing.stat().st_mtime_ns):
        return None
    file = edition / name
    return file if file.is_file() and not file.is_symlink() else None


@lru_cache(maxsize=2)
def _read_listing(listing: Path, _written: int) -> frozenset[str]:
    """Read the paths that an edition lists; cached by the list's modification time."""
    lines = listing.read_text(encoding="utf-8").splitlines()
    return frozenset(line[66:] for line in lines)


def content_policy(suffix: str, content: bytes) -> str:
    """The content security policy of a page itself; any other file may do nothing."""
    own = _POLICY.search(content) if suffix == ".html" else None
    return own.group(1).decode() if own else NOTHING
