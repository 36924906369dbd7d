"""The sealed package: shown outside only when whole, signed, newer; else everything is as it was."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import BadFile, DoubleRandomError, Misuse, Stopped
from double_random.publish.site import build, signed_package
from double_random.store.home import Home

DAY = date(2017, 1, 21)


@pytest.fixture(scope="module")
def packages(
    district_home: Home, district_site: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, str]:
    """Two packages, the older one first, and the key."""
    folder = tmp_path_factory.mktemp("packages")
    signed_package.pack_edition(district_home, folder / "one.zip")
    build.build_site(district_home, DAY)
    signed_package.pack_edition(district_home, folder / "two.zip")
    return folder / "one.zip", folder / "two.zip", district_home.log.public.text


def files(folder: Path) -> dict[str, bytes]:
    real = folder.resolve()
    return {
        str(path.relative_to(real)): path.read_bytes() for path in real.rglob("*") if path.is_file()
    }


def test_a_package_is_shown_outside_as_it_was_inside(
    packages: tuple[Path, Path, str], district_home: Home, tmp_path: Path
) -> None:
    _, two, key = packages
    seal = signed_package.apply_package(two, tmp_path / "www", key)
    assert seal.name == (tmp_path / "www" / "public").resolve().name
    assert files(tmp_path / "www" / "public") == files(district_home.public)


def test_the_same_edition_is_packed_to_the_same_bytes(
    packages: tuple[Path, Path, str], district_home: Home, tmp_path: Path
) -> None:
    signed_package.pack_edition(district_home, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == packages[1].read_bytes()


def test_an_older_one_is_refused_and_undo_goes_back_one(
    packages: tuple[Path, Path, str], tmp_path: Path
) -> None:
    one, two, key = packages
    www = tmp_path / "www"
    first = signed_package.apply_package(one, www, key)
    second = signed_package.apply_package(two, www)
    for package in (one, two):
        with pytest.raises(Stopped, match="was applied already"):
            signed_package.apply_package(package, www)
    assert signed_package.restore_previous(www) == first.name
    with pytest.raises(Stopped):
        signed_package.apply_package(one, www)  # the newest that was applied still counts
    assert signed_package.apply_package(two, www).name == second.name


def test_whose_packages_count_is_said_once_and_kept(
    packages: tuple[Path, Path, str], tmp_path: Path
) -> None:
    one, _, key = packages
    with pytest.raises(Misuse, match="not known yet"):
        signed_package.apply_package(one, tmp_path / "www")
    stranger = Home.create(tmp_path / "stranger")
    with pytest.raises(BadFile, match="did not sign"):
        signed_package.apply_package(one, tmp_path / "www", stranger.log.public.text)
    signed_package.apply_package(one, tmp_path / "www", key)
    with pytest.raises(Stopped, match="not the key"):
        signed_package.apply_package(one, tmp_path / "www", stranger.log.public.text)


@pytest.mark.parametrize("where", range(12))
def test_a_flipped_byte_changes_nothing(
    packages: tuple[Path, Path, str], tmp_path: Path, where: int
) -> None:
    one, two, key = packages
    www = tmp_path / "www"
    first = signed_package.apply_package(one, www, key)
    before = files(www / "public")
    content = bytearray(two.read_bytes())
    content[len(content) * where // 12 + 40] ^= 0x55
    (tmp_path / "bad.zip").write_bytes(content)
    try:
        signed_package.apply_package(tmp_path / "bad.zip", www)
    except DoubleRandomError:
        assert files(www / "public") == before
    else:  # a byte that means nothing, such as a date in the ZIP's own table
        assert (www / "public").resolve().name != first.name
    assert not list((www / "editions").glob(".*"))


@pytest.mark.parametrize("way", ["more", "less", "climbs", "changed"])
def test_a_package_with_other_files_is_refused(
    packages: tuple[Path, Path, str], tmp_path: Path, way: str
) -> None:
    with zipfile.ZipFile(packages[0]) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    if way == "more":
        members["site/more.html"] = b"<script>"
    elif way == "less":
        del members["site/index.html"]
    elif way == "climbs":
        members["site/../../../climbs"] = b"x"
    else:
        members["site/index.html"] += b" "
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(BadFile):
        signed_package.apply_package(tmp_path / "bad.zip", tmp_path / "www", packages[2])
    assert not (tmp_path / "www" / "public").exists()
    assert not (tmp_path / "climbs").exists() and not (tmp_path.parent / "climbs").exists()


def test_what_is_no_package_is_told_as_such(tmp_path: Path, home: Home) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(BadFile, match=r"x\.zip"):
        signed_package.apply_package(tmp_path / "x.zip", tmp_path / "www", home.log.public.text)
    with pytest.raises(Misuse):
        signed_package.restore_previous(tmp_path / "www")
