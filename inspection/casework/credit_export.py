"""Exports published results to credit records, through the sheet 历次检查 that credit reads from every source."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.inspection.case.case_file import read_cases
from double_random.inspection.casework.case_checks import read_case_checks
from double_random.inspection.protocol.text import is_institution_id

if TYPE_CHECKING:
    from double_random.registry.quality.file_report import RunReport
    from double_random.store.home import Home

HEADER = (
    *("年度", "抽查任务编号", "被检查机构", "统一社会信用代码", "检查事项", "检查机关"),
    *("检查类别", "检查日期", "检查人员", "检查结果", "文书编号"),
)


def export_to_credit(home: Home, as_of: date) -> RunReport:
    """Load results published until a day as records of the class `inspection`; repeating adds nothing."""
    from double_random.credit.records.load import load_records

    with tempfile.TemporaryDirectory(prefix="double-random-") as folder:
        path = Path(folder) / "历次检查.csv"
        path.write_bytes(render_history_sheet(home, as_of))
        return load_records(home, [path], as_of)


def render_history_sheet(home: Home, as_of: date) -> bytes:
    """Return the sheet: one row per published result and item, then one per closed case check, in log order."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADER)
    words = _read_result_words(home)
    authority = home.settings["authority"]["name"]
    until = as_of.isoformat()
    for case in read_cases(home):
        titles = {item.id: item.title for item in case.plan.items}
        for target in case.targets.values():
            if not target.published or target.published > until:
                continue
            team = "、".join(case.names[person] for person in target.team)
            for finding in target.findings.values():
                rows.writerow(
                    (
                        *(
                            target.visited[:4],
                            case.task.number or case.draw,
                            target.name,
                            _institution_code(target.id),
                        ),
                        *(titles[finding.item], authority, "双随机", target.visited, team),
                        "、".join(words[code] for code in finding.codes),
                        f"{case.draw}-{target.id}-{finding.item}",
                    )
                )
    for check in read_case_checks(home).values():
        if check.visited and check.visited <= until:
            rows.writerow(
                (
                    *(
                        check.visited[:4],
                        check.number,
                        check.name,
                        _institution_code(check.target),
                        check.item,
                    ),
                    *(authority, "个案", check.visited, ""),
                    "、".join(words[code] for code in check.codes),
                    check.number,
                )
            )
    return text.getvalue().encode()


def _institution_code(id: str) -> str:
    return id if is_institution_id(id) and ":" not in id else ""


def _read_result_words(home: Home) -> dict[str, str]:
    from double_random.intake.code_lists import load_code_list

    return {
        kind.code: kind.word for kind in load_code_list(home.fact_file("inspection_results.toml"))
    }
