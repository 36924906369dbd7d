"""Paths of the site's pages: safe for any id, and different for different ids."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from double_random.publish.content import urls

SAFE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-."
ids = st.one_of(
    st.from_regex(r"[0-9A-Z]{18}", fullmatch=True),
    st.text(min_size=1, max_size=60).map(lambda text: "L:" + text),
    st.text(min_size=1, max_size=60),
)


@given(ids)
def test_a_path_is_always_safe(id_: str) -> None:
    path = urls.institution_path(id_)
    assert all(part and set(part) <= set(SAFE) for part in path.split("/"))
    assert path.startswith("institutions/") and len(path) < 120
    assert set(urls.draw_path(id_).removeprefix("draws/")) <= set(SAFE)


@given(ids, ids)
def test_two_institutions_never_share_a_page(one: str, other: str) -> None:
    same = urls.institution_path(one).lower() == urls.institution_path(other).lower()
    assert same == (one == other)


def test_a_windows_device_is_no_folder() -> None:
    assert urls.draw_path("con") != "draws/con"
    assert urls.draw_path("2017-01") == "draws/2017-01"


def test_an_institutions_path_keeps_its_code_in_a_folder_of_its_hash() -> None:
    code = "31310000XXXX30015D"
    folder = hashlib.sha256(code.encode()).hexdigest()[:2]
    assert urls.institution_path(code) == f"institutions/{folder}/{code}.html"
    assert urls.institution_path("L:23100002009103001").endswith("/L-23100002009103001.html")


def test_an_unknown_district_has_pages_too() -> None:
    assert urls.district_path(None) == "map/district-none.html"
    assert urls.register_path(None, "law_firm", 2) == "institutions/none-law_firm-2.html"
    assert urls.district_path("310104") == "map/district-310104.html"


def test_an_unsafe_name_becomes_a_hash() -> None:
    safe = urls.safe_name("../示例")
    assert safe.startswith("x-") and len(safe) == 22
    assert urls.safe_name("a" * 101) != "a" * 101
