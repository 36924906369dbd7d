"""What was planted in the district's files is nowhere in the site: numbers, complaints, facts, recusals, secrets."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from double_random.store.home import Home
from tests.publish.unpacked import unpacked


@pytest.fixture(scope="module")
def texts(district_site: Path) -> dict[str, str]:
    """The whole site as text, archives and Parquet opened."""
    return {
        path: text
        for file in sorted(district_site.resolve().rglob("*"))
        if file.is_file()
        for path, text in unpacked(file.name, file.read_bytes())
    }


def rows(file: Path) -> list[list[str]]:
    """The rows of one of the district's files, whatever its coding."""
    if file.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(file)
        return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python()]
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    return list(csv.reader(io.StringIO(text)))


def column(file: Path, *names: str) -> set[str]:
    """What stands below these headings."""
    table = rows(file)
    start = next(n for n, row in enumerate(table) if any(_flat(c) in names for c in row))
    places = [place for place, cell in enumerate(table[start]) if _flat(cell) in names]
    return {
        row[place].strip()
        for row in table[start + 1 :]
        for place in places
        if place < len(row) and row[place].strip()
    }


def _flat(heading: str) -> str:
    return re.sub(r"\s", "", heading)


def test_no_certificate_number_of_a_person(shared: Path, texts: dict[str, str]) -> None:
    folder = shared / "inputs" / "district"
    planted: set[str] = set()
    for file in folder.iterdir():
        if file.name.startswith("许可"):
            planted |= column(file, "法定代表人证件号码", "证件号码", "XK_FR_ZJHM", "XK_XDR_ZJHM")
    assert len(planted) > 40
    for path, text in texts.items():
        assert not [number for number in planted if number in text], path


def test_no_number_of_the_free_texts(shared: Path, texts: dict[str, str]) -> None:
    facts = "".join(column(shared / "inputs" / "district" / "处罚.csv", "CF_SY"))
    planted = set(re.findall(r"\d{11,19}X?", facts))
    assert len(planted) >= 3
    for path, text in texts.items():
        assert not [number for number in planted if number in text], path


def test_facts_go_out_without_their_persons(shared: Path, texts: dict[str, str]) -> None:
    facts = column(shared / "inputs" / "district" / "处罚.csv", "CF_SY")
    personal = {text for text in facts if re.search(r"身份证|手机|电话|账号|张三", text)}
    assert personal and facts - personal
    assert not [text for text in personal if any(text in page for page in texts.values())]
    assert any(text in page for text in facts - personal for page in texts.values())


def test_no_free_text_of_complaints_and_no_complaint(shared: Path, texts: dict[str, str]) -> None:
    folder = shared / "inputs" / "district"
    planted = column(folder / "投诉.csv", "登记编号", "投诉事项", "备注")
    assert planted
    for path, text in texts.items():
        assert not [word for word in planted if word in text], path


def test_no_recusal_and_no_reason_of_one(shared: Path, texts: dict[str, str]) -> None:
    reasons = column(shared / "inputs" / "district" / "回避.csv", "事由")
    assert reasons
    for path, text in texts.items():
        assert not [reason for reason in reasons if reason in text], path
        assert "recusals.csv" not in path and "inspectors_left_out.csv" not in path


def test_a_waiting_draw_shows_neither_list_nor_pools_nor_secrets(
    district_home: Home, district_site: Path, texts: dict[str, str]
) -> None:
    assert {file.name for file in (district_site / "draws" / "waiting").iterdir()} == {"index.html"}
    sealed = district_home.draws / "waiting" / "sealed"
    secrets = [(sealed / name).read_text().strip() for name in ("secret", "inner")]
    inner = (district_home.draws / "published" / "sealed" / "inner").read_text().strip()
    for path, text in texts.items():
        assert not [one for one in (*secrets, inner) if one in text], path
    drawn = (district_site / "data" / "drawn.csv").read_text(encoding="utf-8")
    assert "waiting" not in drawn and "void" not in drawn


def test_the_plan_code_of_a_waiting_draw_is_shown(district_home: Home, district_site: Path) -> None:
    from double_random.inspection.draw.draw_folder import DrawFolder

    page = (district_site / "draws" / "waiting" / "index.html").read_text(encoding="utf-8")
    assert DrawFolder.find(district_home, "waiting").read_plan().code in page


def test_a_salt_of_the_frame_is_not_public(district_home: Home, texts: dict[str, str]) -> None:
    frame = list(
        csv.DictReader((district_home.draws / "published" / "frame.csv").open(encoding="utf-8"))
    )
    salts = [row["salt"] for row in frame]
    assert salts
    for path, text in texts.items():
        assert not [salt for salt in salts if salt in text], path
