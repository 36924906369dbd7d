"""A section chief's terminal: 80 columns, Chinese throughout, Chinese words taken as they are written."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from double_random.cli import build_application
from double_random.commands.current_home import use_home
from double_random.commands.render.labels import LABELS
from double_random.core import translation
from double_random.inspection.planning.wording import format_group

ROOT = Path(__file__).parent.parent.parent
Run = Callable[..., str]
ANSWERS = [
    "status",
    "registry list --as-of 2026-11-02",
    "registry issues",
    "registry inspectors",
    "registry coverage",
    "credit list",
    "credit policies",
    "credit measures --as-of 2026-11-02",
    "credit notify --as-of 2026-11-02",
    "credit objection",
    "inspection items",
    "inspection open",
    "inspection show 2026-archives",
    "inspection targets 2026-archives",
    "inspection due --as-of 2026-11-20",
    "inspection reconcile 2026-archives --as-of 2026-11-20",
    "inspection report --quarter 2026Q4",
    "inspection odds 2026-archives --trials 10",
    "inspection triggered",
    "log show",
    "log verify",
    "publish check",
]


@pytest.fixture(scope="module")
def bureau(toured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the demo whose two draws have an institution in common."""
    return shutil.copytree(toured, tmp_path_factory.mktemp("chinese") / "bureau", symlinks=True)


@pytest.fixture
def run(bureau: Path) -> Iterator[Run]:
    """Runs a command line in Chinese; an error is raised, as `cli.main` gets it."""
    build_application()  # a group keeps the language in which it is first built: English, for the tests that follow
    translation.choose_language("zh_CN")

    def of(line: str, *words: str) -> str:
        use_home(bureau)
        given = ["--home", str(bureau), *line.split(), *words]
        env = {"COLUMNS": "80", "NO_COLOR": "1"}
        done = CliRunner().invoke(build_application(*line.split()[:2]), given, env=env)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    yield of
    translation.choose_language("en")
    use_home(None)


@pytest.mark.parametrize("line", ANSWERS)
def test_an_answer_is_chinese_and_fits_eighty_columns(run: Run, line: str) -> None:
    shown = run(line, "--format", "table").rstrip("\n").split("\n")
    assert [text for text in shown if cell_len(text) > 80] == []
    first = {re.split(r"\s{2,}", text.strip())[0] for text in shown}
    assert first & {name for name in LABELS if name.isascii()} == set()
    text = "\n".join(shown)
    assert not re.search(r"\b(True|False|None|law_firm|active|990101|published|committed)\b", text)


def test_a_night_is_told_in_chinese(run: Run) -> None:
    shown = run(f"nightly {ROOT}/data/sample --as-of 2026-11-20 --format table")
    assert "更新名录库" in shown
    assert not re.search(r"\b[a-z]+_[a-z]+ ", shown)


def test_the_fields_of_json_are_english_on_a_chinese_terminal(run: Run) -> None:
    found = json.loads(run("status", "--format", "json"))
    assert {"release", "institutions", "log_entries"} <= set(found)
    assert "law_firm active" in found["institutions"]


@pytest.mark.parametrize(
    "line",
    ["registry list --status {} --kind {} --district {}", "registry list --kind {1} --status {0}"],
)
def test_words_are_taken_as_well_as_codes(run: Run, line: str) -> None:
    in_codes = run(line.format("suspended", "law_firm", "990101"), "--format", "json")
    in_words = run(line.format("停业整顿", "律师事务所", "示例区"), "--format", "json")
    assert json.loads(in_codes) == json.loads(in_words) != []


def test_a_wrong_word_is_told_with_both_lists(run: Run) -> None:
    with pytest.raises(Exception, match="status") as told:
        run("registry list --status 好")
    assert "正常执业（active）" in told.value.hint  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="reason") as told:
        run("inspection void 2026-archives --reason 好")
    assert "方案有误（wrong plan）" in told.value.hint  # type: ignore[attr-defined]


def test_chances_and_groups_are_told_in_words(run: Run) -> None:  # D-071
    shown = run("inspection explain 31990000XXXX00449M", "--format", "table")
    assert re.search(r"^抽中次数 +\d+\s*$", shown, re.M)
    assert re.search(r"抽中概率 \d+\.\d\d %", shown) and "law_firm" not in shown
    shown = run("inspection preview law-firm-practice --as-of 2026-11-13", "--format", "table")
    assert re.search(r"^拟抽取 +\d+\s*$", shown, re.M) and "已抽取" not in shown
    assert "律师事务所/A：" in shown and "law_firm" not in shown


PLAN = (
    "inspection plan 律师事务所业务档案管理检查 --as-of 2026-10-31 --draw words --source balls:示例:6 --protocol 1 "
    "--not-before 2026-12-24T07:00:00Z --publish-by 2026-12-31 --format"
)


def test_a_plan_and_its_odds_are_told_in_words(run: Run) -> None:  # D-071
    data = json.loads(run(PLAN, "json"))
    assert data["strata"] == ["law_firm: 139 × 1/10 ≥2 up"] and data["rows"]["frame.csv"] == 139
    shown = run(PLAN, "table")
    assert "律师事务所：139 家，抽取 10%，不少于2家（进位取整）" in shown
    assert "范围内机构 139" in shown and not re.search(r"[×≥]|\.csv|law", shown)
    odds = "inspection odds words --trials 3 --format"
    (group,) = json.loads(run(odds, "json"))["groups"]
    assert group == {"group": "law_firm", "rows": 139, "chance": "14/139"}
    shown = run(odds, "table")
    assert "10.07 %" in shown and "1 次中 1 次" in shown
    assert not re.search(r"\d/\d|J\d\d|XXXX", shown)
    run("inspection discard words")


def test_a_group_of_clean_institutions_has_a_name_in_words(run: Run) -> None:  # D-071
    assert (
        format_group("law_firm/A/clean", {"law_firm": "律师事务所"}) == "律师事务所/A（近年无问题）"
    )
    assert format_group("law_firm/A/clean", {}) == "law_firm/A/clean"


def test_a_wide_row_is_told_field_by_field(run: Run) -> None:
    shown = run("registry issues", "--format", "table")
    assert re.search(r"^文件 +处罚\.csv\s*\n行号? +7\s*\n列 +CF_NR_FK", shown, re.M)


def test_duties_stand_on_a_line_each(run: Run) -> None:
    shown = run("inspection due --as-of 2026-11-20", "--format", "table")
    lines = re.findall(
        r"^2026-\d\d-\d\d\S* +实施检查 +2026-archives +\S+律师事务所 +否", shown, re.M
    )
    assert len(lines) == 14


def test_differences_have_the_words_of_an_account(run: Run) -> None:
    shown = run("inspection reconcile 2026-practice --as-of 2026-11-28", "--format", "table")
    assert "统一社会信用代码 3199" in shown and "不符之处 同时在" in re.sub(r"\s+", " ", shown)
    assert "2026-archives、2026-practice" in shown and "已公示" in shown and "已公开" not in shown
