"""A small fictitious bureau, read from files as a real one is, and one whole draw of it."""

from __future__ import annotations

import csv
import hashlib
import itertools
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from double_random.core import clock
from double_random.inspection.draw import lifecycle
from double_random.inspection.planning.plan_builder import FrozenPlan, freeze_plan
from double_random.inspection.planning.plan_fields import PAIR, DrawRequest
from double_random.inspection.verification import bundle
from double_random.intake.credit_codes import check_character
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.log.checkpoint import PublicKey
from tests.templates import make_once

DAY = date(2026, 10, 31)
BALLS = "balls:示例摇号室:7"
PERMITS = [
    "行政相对人名称",
    "行政相对人代码_1(统一社会信用代码)",
    "行政许可决定文书名称",
    "行政许可决定文书号",
    "许可证书名称",
    "许可编号",
    "许可内容",
    "许可决定日期",
    "有效期自",
    "有效期至",
    "许可机关",
    "当前状态",
]


def code(number: int) -> str:
    """A fictitious law firm's code with a right check character."""
    body = f"31310000XXXX{number:05d}"
    return body + check_character(body)


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def drop(
    folder: Path, firms: int, inspectors: int, recusals: Sequence[tuple[int, int]] = ()
) -> Path:
    """A drop: so many firms, inspectors (every second one a lead, the last one on leave), and recusals."""
    folder.mkdir()
    districts = ("黄浦区", "徐汇区")
    permits = [
        (
            f"上海示例{number:03d}律师事务所",
            code(number),
            "关于准予律师事务所设立的决定",
            f"沪司许决字〔2010〕第{number}号",
            "律师事务所执业许可证",
            f"2310000201010{number:04d}",
            f"律师事务所设立;住所:上海市{districts[number % 2]}示例路{number}号",
            "2010-05-15",
            "2010-05-15",
            "2099-12-31",
            "示例市司法局",
            "1",
        )
        for number in range(1, firms + 1)
    ]
    write_csv(folder / "许可.csv", PERMITS, permits)
    people = [
        (
            f"检查员示例{number:02d}",
            f"ZFXXXX{number:02d}",
            f"示例市{districts[number % 2]}司法局" if number > 4 else "示例市黄浦区司法局",
            "律师",
            "是" if number % 2 else "否",
            "请假" if number == inspectors else "在岗",
        )
        for number in range(1, inspectors + 1)
    ]
    write_csv(
        folder / "检查人员.csv",
        ["姓名", "执法证号", "所属单位", "专业", "是否主办", "状态"],
        people,
    )
    write_csv(
        folder / "回避.csv",
        ["执法证号", "统一社会信用代码", "事由"],
        [(f"ZFXXXX{person:02d}", code(firm), "近亲属任职") for firm, person in recusals],
    )
    return folder


def ask(draw: str = "d1", **other: object) -> DrawRequest:
    """A plan for the archive item, drawn from balls before witnesses."""
    asked: dict[str, object] = {
        "draw": draw,
        "items": ("law-firm-archives",),
        "as_of": DAY,
        "sources": (BALLS,),
        "not_before": "2026-11-03T06:00:00Z",
        "publish_by": date(2026, 11, 30),
        "team": PAIR,
        "protocol": 1,  # tests of version 2 ask for it
    }
    return DrawRequest(**{**asked, **other})  # type: ignore[arg-type]


def carry_out(
    home: Home, asked: DrawRequest, value: str = "0730915", until: str = "publish"
) -> FrozenPlan:
    """Plan, commit, numbers, draw, publish, as far as asked: on the days around the wish's not_before."""
    planned = freeze_plan(home, asked)
    later = date.fromisoformat(asked.not_before[:10]) - date(2026, 11, 3)

    def at(day: int, hour: str) -> str:
        return f"{date(2026, 11, day) + later}T{hour}Z"

    steps: dict[str, Callable[[], object]] = {
        "commit": lambda: lifecycle.commit_plan(home, asked.draw, at(2, "01:00:00")),
        "entropy": lambda: lifecycle.log_entropy(
            home, asked.draw, f"{asked.sources[0]}={value}", at(3, "06:05:00")
        ),
        "draw": lambda: lifecycle.run_draw(home, asked.draw, at(3, "06:10:00")),
        "publish": lambda: lifecycle.publish_draw(home, asked.draw, at(6, "08:00:00")),
    }
    for name, step in steps.items():
        step()
        if name == until:
            break
    return planned


def make(folder: Path, firms: int, inspectors: int, recusals: Sequence[tuple[int, int]]) -> Home:
    """A home with so many firms and inspectors in its registers."""
    home = Home.create(folder / "bureau", "示例市司法局", "11310000XXXX00071R")
    report = sync_registers(home, [drop(folder / "drop", firms, inspectors, recusals)], DAY)
    assert not report.refused
    return home


@pytest.fixture(scope="session")
def wish() -> Callable[..., DrawRequest]:
    """What a supervisor asks for; anything of it can be said otherwise."""
    return ask


Known = dict[tuple[str, str, str, str], tuple[Path, FrozenPlan]]


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., FrozenPlan]:
    """Carry a wish out, until a step. From the same state of a home once in a process: then what was made is copied."""
    known: Known = {}

    def run_or_copy(
        home: Home, asked: DrawRequest, value: str = "0730915", until: str = "publish"
    ) -> FrozenPlan:
        key = (_state_of(home), repr(asked), value, until)
        if key in known:
            made, planned = known[key]
            shutil.rmtree(home.path)
            shutil.copytree(made, home.path, symlinks=True)
            return planned
        planned = carry_out(home, asked, value, until)
        known[key] = tmp_path_factory.mktemp("carried") / "home", planned
        shutil.copytree(home.path, known[key][0], symlinks=True)
        return planned

    return run_or_copy


def _state_of(home: Home) -> str:
    """All that stands in a home, and the day; a release by its name."""
    digest = hashlib.sha256(clock.utc_now().date().isoformat().encode())
    for file in sorted(home.path.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(home.path)).encode() + b"\0")
            digest.update(b"" if file.suffix == ".duckdb" else file.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="session")
def firm() -> Callable[[int], str]:
    """A firm's code by its number."""
    return code


@pytest.fixture(scope="session")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Homes whose registers were read from files; each read once, and copied by those who change it."""

    @cache
    def of(firms: int, inspectors: int, recusals: tuple[tuple[int, int], ...]) -> Path:
        name = "-".join(map(str, ("registers", firms, inspectors, *itertools.chain(*recusals))))
        folder = make_once(
            tmp_path_factory, name, lambda place: make(place, firms, inspectors, recusals)
        )
        return folder / "bureau"

    return of


@pytest.fixture
def bureau(tmp_path: Path, registers: Callable[..., Path]) -> Callable[..., Home]:
    """A home of one's own with so many firms and inspectors in its registers."""

    def of(
        firms: int = 8, inspectors: int = 6, recusals: Sequence[tuple[int, int]] = ((1, 2),)
    ) -> Home:
        shutil.copytree(registers(firms, inspectors, tuple(recusals)), tmp_path / "bureau")
        return Home.open(tmp_path / "bureau")

    return of


@dataclass(frozen=True)
class Finished:
    """A published draw d1, and both its bundles. Nobody changes it."""

    home: Home
    planned: FrozenPlan
    public: dict[str, bytes]
    auditor: dict[str, bytes]

    @property
    def key(self) -> PublicKey:
        return self.home.log.public


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One small draw for all who only look at it."""
    home = make(tmp_path_factory.mktemp("finished"), 8, 6, [(1, 2)])
    planned = carry_out(home, ask())
    return Finished(
        home,
        planned,
        bundle.gather_bundle(home, "d1"),
        bundle.gather_bundle(home, "d1", auditor=True),
    )
