"""Exports published results to credit records, through the sheet 历次检查 that credit reads from every source."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.inspection.case.case_file import cases
from double_random.inspection.casework.case_checks import checks
from double_random.inspection.protocol.text import is_institution

if TYPE_CHECKING:
    from double_random.registry.quality.file_report import Report
    from double_random.store.home import Home

HEADER = (
    *("年度", "抽查任务编号", "被检查机构", "统一社会信用代码", "检查事项", "检查机关"),
    *("检查类别", "检查日期", "检查人员", "检查结果", "文书编号"),
)


def hand_over(home: Home, as_of: date) -> Report:
    """Load results published until a day as records of the class `inspection`; repeating adds nothing."""
    from double_random.credit.records.load import load

    with tempfile.TemporaryDirectory(prefix="double-random-") as folder:
        path = Path(folder) / "历次检查.csv"
        path.write_bytes(history(home, as_of))
        return load(home, [path], as_of)


def history(home: Home, as_of: date) -> bytes:
    """Return the sheet: one row per published result and item, then one per closed case check, in log order."""
    text = io.StringIO(newline="")
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(HEADER)
    words = _words(home)
    authority = home.settings["authority"]["name"]
    until = as_of.isoformat()
    for case in cases(home):
        titles = {item.id: item.title for item in case.plan.items}
        for one in case.targets.values():
            if not one.published or one.published > until:
                continue
            team = "、".join(case.names[person] for person in one.team)
            for finding in one.findings.values():
                rows.writerow(
                    (
                        *(one.visited[:4], case.task.number or case.draw, one.name, _code(one.id)),
                        *(titles[finding.item], authority, "双随机", one.visited, team),
                        "、".join(words[code] for code in finding.codes),
                        f"{case.draw}-{one.id}-{finding.item}",
                    )
                )
    for check in checks(home).values():
        if check.visited and check.visited <= until:
            rows.writerow(
                (
                    *(check.visited[:4], check.number, check.name, _code(check.target), check.item),
                    *(authority, "个案", check.visited, ""),
                    "、".join(words[code] for code in check.codes),
                    check.number,
                )
            )
    return text.getvalue().encode()


def _code(id: str) -> str:
    return id if is_institution(id) and ":" not in id else ""


def _words(home: Home) -> dict[str, str]:
    from double_random.intake.code_lists import kinds

    return {kind.code: kind.word for kind in kinds(home.fact("inspection_results.toml"))}
