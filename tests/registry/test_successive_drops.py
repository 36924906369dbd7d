"""Six nights of drops into one home: the same again, corrected, rows removed, renamed, mended, an old one again."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

from double_random.commands.release_logging import log_new_release
from double_random.credit.records.load import load_records
from double_random.intake.credit_codes import check_character
from double_random.registry.quality.issues import count_open_issues

DAY = ("--as-of", "2016-12-31")
LAW = "许可_律师事务所.csv"
NO_DATE, NO_CODE = "上海示例怪日律师事务所", "上海示例零码律师事务所"
CODE = f"31310000XXXX39991{check_character('31310000XXXX39991')}"


def test_six_nights_into_one_home(ask, home, shared, tmp_path: Path) -> None:
    place = tmp_path / "drop"
    shutil.copytree(shared / "inputs" / "district", place)
    for name in ("expected.json", "坏文件_空.csv", "坏文件_其实是xls.csv"):
        (place / name).unlink()
    first = (place / LAW).read_bytes().decode("gb18030")

    def night(label: str) -> dict[str, Any]:
        """What a night's sync and load say, and what stands afterwards."""
        report, error = ask("sync", place, *DAY, "--accept")
        assert error is None, label
        with log_new_release(home, "sync"):
            loaded = load_records(home, [place], date(2016, 12, 31))
        files = {one["file"]: one for one in report["files"] if one["result"] == "read"}
        loads = {one.file: one for one in loaded.files if one.result == "read"}
        for one in files.values():
            parts = (one["accepted"], one["duplicates"], one["quarantined"])
            assert one["rows"] == sum(parts), (label, one)
        for one in loads.values():
            assert one.rows == one.accepted + one.duplicates + one.quarantined, (label, one)
        counted = sum(one["quarantined"] for one in files.values())
        counted += sum(one.quarantined for one in loads.values())
        found = [row for row in ask("issues")[0] if row["severity"] == "quarantined"]
        with home.releases.read() as release:
            assert count_open_issues(release)["quarantined"] == len({row["id"] for row in found})
        coverage, error = ask("coverage", *DAY)
        assert error is None, label
        open_permits = [row for row in coverage["differences"] if row["file"]]
        assert coverage["approvals"] == coverage["covered"] + len(coverage["differences"])
        return {
            "counted": counted,
            "open": {row["id"]: row["name"] for row in found},
            "files": {row["id"]: row["files"] for row in found},
            "institutions": {row["name"] for row in ask("list", *DAY)[0]},
            "covered": coverage["covered"],
            "waiting": {row["name"] for row in open_permits},
            "release": home.releases.current(),
        }

    one = night("first")
    assert one["counted"] == len(one["open"]) == 7
    assert {NO_DATE, NO_CODE} < one["waiting"]

    again = night("the same again")
    assert again == one  # the release, too

    (place / LAW).write_text(first.replace("2015-02-30", "2015-02-28"), "gb18030", newline="")
    corrected = night("a corrected file")
    assert corrected["counted"] == len(corrected["open"]) == 6
    assert set(one["open"].values()) - set(corrected["open"].values()) == {NO_DATE}
    assert corrected["institutions"] - one["institutions"] == {NO_DATE}
    assert corrected["covered"] == one["covered"] + 1
    assert NO_DATE not in corrected["waiting"]

    whole = (place / LAW).read_bytes()
    (place / LAW).write_bytes(b"".join(whole.splitlines(keepends=True)[:40]))
    removed = night("rows removed")
    for what in ("open", "institutions", "covered", "waiting"):
        assert removed[what] == corrected[what]  # a decision does not end because a file lacks it

    (place / LAW).unlink()
    (place / "律所许可（新）.csv").write_bytes(whole)
    renamed = night("renamed")
    for what in ("open", "institutions", "covered", "waiting"):
        assert renamed[what] == corrected[what]
    assert ["律所许可（新）.csv", LAW] in map(sorted, renamed["files"].values())

    mended = whole.decode("gb18030").replace("00000000000000000X", CODE)
    (place / "律所许可（新）.csv").write_text(mended, "gb18030", newline="")
    healed = night("a quarantined row mended under the new name")
    assert set(renamed["open"].values()) - set(healed["open"].values()) == {NO_CODE}
    assert healed["institutions"] - renamed["institutions"] == {NO_CODE}
    assert healed["covered"] == renamed["covered"] + 1

    (place / "律所许可（新）.csv").unlink()
    (place / LAW).write_text(first, "gb18030", newline="")
    old = night("the first file again")
    assert old["counted"] == 7
    for what in ("open", "institutions", "covered", "waiting"):
        assert old[what] == healed[what]  # what is mended stays mended
