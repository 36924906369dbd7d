"""Looking at the site on this machine (本机预览): the edition that is shown, over HTTP, with a real server's headers.

Only files that SHA256SUMS of the edition lists are sent, by exactly their names: a path that climbs out, a link, or a
file that somebody put there is not found. For the public a web server is set up (docs/guides/runbook.md).
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


def server(public: Path, host: str = "127.0.0.1", port: int = 8000) -> ThreadingHTTPServer:
    """A server of the site at a folder or link, listening, not yet serving; port 0: any free one.

    Misuse where there is no site, DoubleRandomError where the port is taken.
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


def serve(
    public: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    tell: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve until Ctrl-C; `tell` hears the address."""
    with server(public, host, port) as listening:
        tell(f"http://{host}:{listening.server_address[1]}/")
        try:
            listening.serve_forever()
        except KeyboardInterrupt:
            return


class _Server(ThreadingHTTPServer):
    """A server that prints no traceback when a reader goes away in the middle of a page."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: the other requests go on."""


class _Handler(BaseHTTPRequestHandler):
    """One request: GET or HEAD of a file of the edition that is shown at that moment."""

    site: Path
    server_version, sys_version = "double-random", ""
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1  # headers and body leave together

    def do_GET(self) -> None:
        """A file, or 404."""
        self._answer(True)

    def do_HEAD(self) -> None:
        """Its headers."""
        self._answer(False)

    def _answer(self, whole: bool) -> None:
        found = find(self.site, self.path)
        if found is None:
            self._send(HTTPStatus.NOT_FOUND, PLAIN, NOTHING, b"404\n", whole)
            return
        content = found.read_bytes()
        kind = TYPES.get(found.suffix, PLAIN)
        self._send(HTTPStatus.OK, kind, policy(found.suffix, content), content, whole)

    def _send(self, status: HTTPStatus, kind: str, rule: str, content: bytes, whole: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", f"{rule}; frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        if whole:
            self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Nothing: who looked at what is nobody's business."""


def find(public: Path, target: str) -> Path | None:
    """The file that a request means; None where the edition lists no such file. A folder means its index.html."""
    asked = unquote(target.partition("?")[0], errors="replace").removeprefix("/")
    name = f"{asked}index.html" if asked.endswith("/") or not asked else asked
    edition = public.resolve()
    listing = edition / LISTING
    if name != LISTING and name not in _listed(listing, listing.stat().st_mtime_ns):
        return None
    file = edition / name
    return file if file.is_file() and not file.is_symlink() else None


@lru_cache(maxsize=2)
def _listed(listing: Path, _written: int) -> frozenset[str]:
    """What an edition lists; read once for each time at which the list was written."""
    lines = listing.read_text(encoding="utf-8").splitlines()
    return frozenset(line[66:] for line in lines)


def policy(suffix: str, content: bytes) -> str:
    """The policy that a page carries itself; for anything else, that it may do nothing."""
    own = _POLICY.search(content) if suffix == ".html" else None
    return own.group(1).decode() if own else NOTHING
