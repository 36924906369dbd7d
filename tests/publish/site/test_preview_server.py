"""Looking at the site locally: the pages' own policies as headers, loopback alone, nothing beside the edition."""

from __future__ import annotations

import http.client
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.publish.site.preview_server import _read_listing, create_server, find_file
from double_random.store.home import Home


@pytest.fixture(scope="module")
def port(district_site: Path) -> Iterator[int]:
    """The district's site, served."""
    with create_server(district_site, port=0) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield int(listening.server_address[1])
        listening.shutdown()
        thread.join()


def get(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
    """Exactly this path, as an attacker sends it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest(method, path)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_pages_come_with_their_policy(port: int, district_site: Path) -> None:
    status, headers, body = get(port, "/")
    assert status == 200 and body == (district_site / "index.html").read_bytes()
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "script-src" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    _status, checker, _body = get(port, "/verify.html")
    assert "script-src 'sha256-" in checker["Content-Security-Policy"]
    _status, search, _body = get(port, "/institutions/index.html")
    assert "script-src 'self'" in search["Content-Security-Policy"]


def test_data_may_do_nothing(port: int) -> None:
    for path in ("/data/institution.csv", "/draws/published/bundle.zip", "/icon.svg"):
        status, headers, _body = get(port, path)
        assert status == 200
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; base-uri")


def test_head_has_no_body_and_other_methods_nothing(port: int) -> None:
    status, headers, body = get(port, "/index.html", "HEAD")
    assert status == 200 and int(headers["Content-Length"]) > 0 and body == b""
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert get(port, "/", method)[0] == 501


@pytest.mark.parametrize(
    "path",
    [
        "/../settings.toml",
        "/..%2f..%2fsettings.toml",
        "/%2e%2e/%2e%2e/keys/",
        "//etc/passwd",
        "/etc/passwd",
        "/index.html/../../../settings.toml",
        "/data",
        "/data/excel/",
        "/index.html%00.css",
        "/\\..\\settings.toml",
        "/?../settings.toml/x",
        "/%ff",
        "/[::1",
        "/" + "a" * 5000,
        "http://elsewhere.example/settings.toml",
        "/.building/index.html",
    ],
)
def test_no_path_leads_out(port: int, path: str) -> None:
    status, _headers, body = get(port, path)
    assert status == 404 or (path.startswith("/?") and status == 200), path
    assert b"authority" not in body


def test_what_somebody_put_there_is_not_sent(port: int, district_site: Path) -> None:
    stray, link = district_site / "stray.html", district_site / "link.html"
    stray.write_text("stray")
    link.symlink_to("/etc/hostname")
    try:
        assert get(port, "/stray.html")[0] == get(port, "/link.html")[0] == 404
    finally:
        stray.unlink()
        link.unlink()


def test_it_listens_on_this_machine_alone(district_site: Path) -> None:
    with create_server(district_site, port=0) as listening:
        assert listening.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_and_a_site_that_is_missing(
    port: int, district_site: Path, home: Home
) -> None:
    with pytest.raises(DoubleRandomError, match=str(port)):
        create_server(district_site, port=port)
    with pytest.raises(Misuse, match="no site"):
        create_server(home.public, port=0)


def test_every_file_is_found_by_its_name(district_site: Path) -> None:
    listed = [line[66:] for line in (district_site / "SHA256SUMS").read_text().splitlines()]
    for path in listed[::20]:
        assert find_file(district_site, f"/{path}") == district_site.resolve() / path


def test_the_list_of_an_edition_is_read_once_for_all_requests(
    port: int, district_site: Path
) -> None:
    """D-081."""
    get(port, "/index.html")
    before = _read_listing.cache_info()
    for path in ("/index.html", "/about/index.html", "/nowhere.html", "/data/institution.csv"):
        get(port, path)
    after = _read_listing.cache_info()
    assert after.misses == before.misses and after.hits == before.hits + 4


def test_a_list_that_was_written_again_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.txt").write_text("b")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  a.txt\n")
    assert find_file(tmp_path, "/a.txt") and not find_file(tmp_path, "/b.txt")
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  b.txt\n")
    os.utime(tmp_path / "SHA256SUMS", ns=(1, 1))
    assert find_file(tmp_path, "/b.txt") and not find_file(tmp_path, "/a.txt")
