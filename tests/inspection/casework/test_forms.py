"""Every form is filled, opens in LibreOffice, prints what it should, also with hostile names; its code holds."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Task
from double_random.inspection.case.model import Case
from double_random.inspection.casework import form_returns, forms, notice_code, year_plan
from double_random.inspection.casework.draw_forms import fill_draw_forms
from double_random.inspection.casework.quarterly_report import Quarter
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.forms import BUILDERS

AT = "2026-12-01T00:00:00Z"
DAY = date(2026, 12, 31)
HOSTILE = (
    "=1+2&<w:t>示例律师事务所",
    "+示例{{检查机关}}{{名单.名称}}律师事务所",
    "示例\u202e所务事师律\u200b𠮷䶮律师事务所",
    "@示例“]]>'\"律师事务所" + "长" * 80,
)


@pytest.fixture(scope="module")
def home(
    tmp_path_factory: pytest.TempPathFactory,
    registers: Callable[..., Path],
    wish: Callable[..., Any],
    run: Callable[..., Any],
) -> Home:
    """A draw of hostile names: its task, plan of the year, papers and results on file."""
    folder = tmp_path_factory.mktemp("filed")
    shutil.copytree(registers(40, 6, ((1, 2),)), folder / "bureau")
    home = Home.open(folder / "bureau")
    rename(home, folder, registers(40, 6, ((1, 2),)).parent / "drop" / "许可.csv")
    run(home, wish(), until="draw")
    sheet = folder / "计划.xlsx"
    sheet.write_bytes(year_plan.render_year_sheet(home, 2026))
    book = openpyxl.load_workbook(sheet)
    for cell, value in {
        "I4": "一年一次",
        "J4": "4",
        "K4": "2026-11-01",
        "L4": "2026-11-30",
    }.items():
        book.active[cell] = value
    book.save(sheet)
    year_plan.file_year_plan(home, 2026, sheet, "示司备〔2026〕1号", "2026-01-10", "", AT)
    task = Task(
        number="示抽2026-01",
        year_plan="示司备〔2026〕1号",
        batch="2",
        type="undirected",
        first_day="2026-11-04",
        last_day="2026-11-20",
    )
    case = case_file.append_acts(home, "d1", [task], AT)
    from double_random.inspection.case.events import Finding, Paper
    from double_random.inspection.case.steps import Step

    first, second = case.active_targets[:2]
    case_file.append_acts(
        home,
        "d1",
        [
            Paper(first.id, Step.notified, "示司查通〔2026〕1号", "2026-11-05"),
            Paper(first.id, Step.coded, "XXXX-0001", "2026-11-05"),
            Paper(first.id, Step.inspected, "", "2026-11-10"),
            Finding(
                target=first.id,
                item="law-firm-archives",
                codes=("corrected",),
                found="档案缺页 <b>{{",
                correct_by="2026-12-10",
            ),
            Paper(second.id, Step.inspected, "", "2026-11-11"),
            Finding(target=second.id, item="law-firm-archives", codes=("clean",)),
        ],
        AT,
    )
    return home


def rename(home: Home, folder: Path, permits: Path) -> None:
    """Give every firm a hostile name, as a later permit would."""
    with permits.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for place, row in enumerate(rows):
        row[0] = f"{HOSTILE[place % len(HOSTILE)]}{place:03d}"
        row[2] = "关于准予律师事务所变更名称的决定"
        row[3] = f"沪司许决字〔2012〕第{place}号"
        row[7] = row[8] = "2012-05-15"
    drop = folder / "names"
    drop.mkdir()
    with (drop / "许可.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    assert not sync_registers(home, [drop], date(2026, 10, 31)).refused


@pytest.fixture(scope="module")
def filed(home: Home) -> Case:
    return case_file.read_case(home, "d1")


@pytest.fixture(scope="module")
def written(home: Home, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All forms, filled, by their path in the folder."""
    folder = tmp_path_factory.mktemp("forms")
    paths = [
        *forms.write_forms(folder / "d1", fill_draw_forms(home, "d1", DAY)),
        *forms.write_forms(folder / "2026", form_returns.fill_year_forms(home, 2026)),
        *forms.write_forms(
            folder / "2026Q4", form_returns.fill_quarter_forms(home, Quarter.read("2026Q4"))
        ),
    ]
    return {str(path.relative_to(folder)): path for path in paths}


@pytest.fixture(scope="module")
def printed(written: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of PDFs that LibreOffice prints of them."""
    for program in ("soffice", "pdftotext", "pdftoppm"):
        if not shutil.which(program):
            reason = f"{program} is not here: the forms were NOT opened (tests/services/install.sh)"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("pdf")
    for name, path in written.items():
        shutil.copy(path, folder / name.replace("/", "_"))
    sources = sorted(str(path) for path in folder.iterdir())
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *sources], check=True, capture_output=True, timeout=600)
    return folder


def words(path: Path) -> str:
    """Everything that a form says."""
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).active
        return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    document = docx.Document(str(path))
    return "\n".join(
        "".join(t.text or "" for t in p.iter("{*}t")) for p in document.element.body.iter("{*}p")
    )


def test_every_form_of_the_list_is_filled(written: dict[str, Path], filed: Case) -> None:
    counts = {file: sum(Path(file).stem in name for name in written) for file in BUILDERS}
    each = len(filed.active_targets)
    assert each == 4
    for file in (
        "行政检查审批表.docx",
        "行政检查通知书.docx",
        "现场检查笔录.docx",
        "双随机抽查记录表.docx",
    ):
        assert counts.pop(file) == each
    assert all(counts.values())
    for path in written.values():
        assert "{{" not in words(path)


def test_what_the_forms_say(written: dict[str, Path], filed: Case) -> None:
    first, second, third, _fourth = filed.active_targets
    said = {name: words(path) for name, path in written.items()}
    sealed = said["d1/方案封存单.docx"]
    assert (
        filed.plan.code in sealed and "摇号7个（示例摇号室）" in sealed and "0730915" not in sealed
    )
    record = said["d1/抽取记录表.docx"]
    assert filed.plan.code in record and "摇号7个（示例摇号室）：0730915" in record
    assert "2026年11月3日 14:10" in record  # 06:10 UTC
    assert "ZFXXXX" in record
    notice = said[f"d1/行政检查通知书/001_{first.id}.docx"]
    for part in (
        "示司查通〔2026〕1号",
        "XXXX-0001",
        first.id,
        "抽取核验码，非检查码",
        "执法证号 ZFXXXX",
        "一年一次",
    ):
        assert part in notice
    finding = said[f"d1/双随机抽查记录表/001_{first.id}_law-firm-archives.docx"]
    assert "档案缺页 <b>{ {" in finding and "2026年12月10日" in finding
    public = said["d1/检查结果公告.docx"]
    assert (public.count("发现问题已责令改正"), public.count("未检查")) == (1, 2)
    assert second.id in public and third.id in public
    assert "档案缺页" not in public  # what the inspectors wrote stays inside
    assert "示司备〔2026〕1号" in said["2026/年度抽查计划.docx"]
    quarter = openpyxl.load_workbook(written["2026Q4/季度报表.xlsx"]).active
    rows = {row[1]: row[2:] for row in quarter.iter_rows(min_row=3, values_only=True) if row[1]}
    assert rows["律师事务所业务档案管理检查"] == (4, 4, 0, 2, 1, 1, 0, 0, 0, 4)
    assert rows["事项总数 5，已抽查事项 1"] == (4, 4, 0, 2, 1, 1, 0, 0, 0, 4)


def test_two_leads_of_a_team_are_a_lead_and_a_member(home: Home, filed: Case) -> None:
    """Finding: a team of two who may both lead was written under 主办, and 协办 stayed empty."""
    desk = forms.FormContext(home, filed, DAY)
    vars(desk)["leads"] = frozenset(filed.names)  # whoever is drawn may lead
    by_lead = {row["代码"]: (row["主办"], row["协办"]) for row in desk.draw_content().lists["名单"]}
    assert filed.plan.team.leads == 1
    for one in filed.active_targets:
        lead, member = by_lead[one.id]
        assert {lead, member} == {filed.names[person] for person in one.team}


def test_a_paper_writes_its_days_out(written: dict[str, Path], filed: Case) -> None:
    """Finding: notices to institutions bore 2026-11-04."""
    for name, path in written.items():
        assert not re.search(r"\d{4}-\d\d-\d\d", words(path)), name
    first = filed.active_targets[0]
    notice = words(written[f"d1/行政检查通知书/001_{first.id}.docx"])
    assert "2026年11月4日至2026年11月20日" in notice and "2026年11月5日" in notice


def test_a_code_stands_in_one_line(printed: Path, filed: Case) -> None:
    """Finding: the last character of each code was wrapped in 抽查任务公告."""
    for name in ("d1_抽查任务公告", "d1_抽取记录表"):
        said = subprocess.run(
            ["pdftotext", "-layout", str(printed / f"{name}.pdf"), "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert all(one.id in said for one in filed.active_targets), name


def test_the_announced_list_is_in_the_order_of_the_site(
    home: Home, written: dict[str, Path], filed: Case
) -> None:
    """D-068: the announcement and its list go by id, as list.csv and the site's list.xlsx do; the record by visits."""
    listed = DrawFolder.find(home, "d1").read_result()["list.csv"].decode().splitlines()[1:]
    ids = [row.partition(",")[0] for row in listed]
    for name in ("d1/抽查任务公告.docx", "d1/抽查名单.xlsx"):
        assert re.findall(r"31310000XXXX\d{5}.", words(written[name])) == ids, name
    visits = [one.id for one in filed.active_targets]
    assert sorted(visits) == ids
    record = re.findall(r"31310000XXXX\d{5}.", words(written["d1/抽取记录表.docx"]))
    assert record == visits


def test_no_name_is_a_formula_a_mark_or_a_placeholder(written: dict[str, Path]) -> None:
    listed = openpyxl.load_workbook(written["d1/抽查名单.xlsx"]).active
    names = [
        row[1] for row in listed.iter_rows(min_row=3) if row[1].value and "示例" in row[1].value
    ]
    assert len(names) == 4
    for cell in names:
        assert cell.data_type == "s"
    for path in written.values():
        assert not re.search("[\u202a-\u202e\u200b-\u200f\u2066-\u2069]", words(path))


def test_every_form_prints_in_libreoffice(
    printed: Path, written: dict[str, Path], filed: Case
) -> None:
    for name in written:
        pdf = printed / f"{name.replace('/', '_').rpartition('.')[0]}.pdf"
        assert pdf.exists(), name
        said = subprocess.run(
            ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
        )
        assert len(re.sub(r"\s", "", said.stdout)) > 60, name
        size = subprocess.run(
            ["pdfinfo", str(pdf)], capture_output=True, text=True, check=True
        ).stdout
        assert re.search(r"Page size:.*\(A4\)", size), (name, size)
    text = subprocess.run(
        ["pdftotext", str(printed / "d1_检查结果公告.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for one in filed.active_targets[:2]:
        assert one.id in re.sub(r"\s", "", text)


def test_the_codes_on_printed_notices_are_read_and_hold(
    printed: Path, filed: Case, home: Home, tmp_path: Path
) -> None:
    import numpy
    import zxingcpp

    for place, one in enumerate(filed.active_targets, start=1):
        pdf = printed / f"d1_行政检查通知书_{place:03d}_{one.id}.pdf"
        subprocess.run(
            ["pdftoppm", "-r", "200", "-gray", str(pdf), str(tmp_path / one.id)], check=True
        )
        read = []
        for page in sorted(tmp_path.glob(f"{one.id}*.pgm")):
            raw = page.read_bytes()
            header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", raw)
            assert header is not None
            width, height = int(header[1]), int(header[2])
            image = numpy.frombuffer(raw[header.end() :], numpy.uint8).reshape(height, width)
            read += zxingcpp.read_barcodes(image)
        (code,) = read
        told = notice_code.check_notice_code(code.text, home.log.public)
        assert (told.draw, told.target, told.inspectors) == ("d1", one.id, tuple(sorted(one.team)))


def test_a_bureaus_own_form_comes_first(home: Home) -> None:
    own = home.path / "facts" / "forms"
    own.mkdir(exist_ok=True)
    document = docx.Document()
    paragraph = document.add_paragraph("本局")
    for part in ("{{检查", "机关}", "} 的样式 {{nothing}}"):  # Word cuts placeholders as it likes
        paragraph.add_run(part)
    buffer = io.BytesIO()
    document.save(buffer)
    file = own / "抽查任务公告.docx"
    try:
        file.write_bytes(buffer.getvalue())
        with pytest.raises(BadFile, match="nothing"):
            list(forms.fill_case_forms(home, "d1", DAY, "抽查任务公告"))
        file.write_bytes(b"no form")
        with pytest.raises(BadFile, match="no form"):
            list(forms.fill_case_forms(home, "d1", DAY, "抽查任务公告"))
    finally:
        file.unlink()
    with pytest.raises(Misuse):
        list(forms.fill_case_forms(home, "d1", DAY, "没有"))


def test_shipped_forms_are_what_their_builder_writes(tmp_path: Path) -> None:
    import tests.forms

    former, tests.forms.FOLDER = tests.forms.FOLDER, tmp_path
    try:
        shutil.copy(former / "forms.toml", tmp_path)
        for file, build in BUILDERS.items():
            build(file)
            assert words(tmp_path / file) == words(former / file)
    finally:
        tests.forms.FOLDER = former
