"""Nothing of a practitioner is published yet: no page, no penalty, no grade, whatever a policy allows."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from double_random import data
from double_random.credit.records.load import load_records
from double_random.publish.site import build
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home

DAY = date(2016, 12, 31)


def unpack(raw: bytes) -> Iterator[bytes]:
    """A file's bytes, and those of what is packed in it."""
    yield raw
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for name in packed.namelist():
                yield from unpack(packed.read(name))
    elif raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)


def test_the_site_of_a_city_says_nothing_of_its_practitioners(shared: Path, tmp_path: Path) -> None:
    drop = shared / "inputs" / "practitioners"
    expected = json.loads((drop / "expected.json").read_text("utf-8"))
    home = Home.create(tmp_path / "home")
    sync_registers(home, [drop], DAY)
    load_records(home, [drop], DAY)
    graded = data.path("policies", "lawyers-100.toml").read_text("utf-8")
    graded = graded.replace('public = "no"', 'public = "all"').replace(
        "example = true", "example = false"
    )
    own = home.path / "facts" / "policies" / "lawyers-100.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(graded, "utf-8")
    secrets = [value for values in expected["never_publish"].values() for value in values]
    secrets += [number for person in expected["persons"] for number in person["licences"]]
    punished = {row["name"].strip() for row in expected["links"] if row["file"].startswith("处罚")}
    punished -= {row["name"] for row in expected["institutions"]}
    with home.releases.read() as release:  # an institution's head is public
        heads = set(release.frame("SELECT DISTINCT head FROM institutions")["head"])
    needles = [value.encode() for value in {*secrets, *(punished - heads)} if len(value) > 3]
    public = build.build_site(home, DAY)
    files = [path for path in sorted(public.rglob("*")) if path.is_file()]
    found = {
        (path.name, needle.decode())
        for path in files
        for raw in unpack(path.read_bytes())
        for needle in needles
        if needle in raw
    }
    assert files and found == set()
