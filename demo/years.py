"""Three years of the fictitious bureau from one seed: foundations, changes, penalties and complaints.

The proportions (about 140 firms, few penalties, most complaints without result) follow the figures that districts
publish, so that grades and draws look as in practice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from double_random.demo.bureau import (
    BRANCH,
    CITY,
    DISTRICT,
    FIRM,
    FORENSIC,
    NEIGHBOUR,
    NOTARY,
    Bureau,
    Complaint,
    Inspector,
    Institution,
    Kind,
    Paper,
    Penalty,
    Permit,
    code,
)
from double_random.demo.random_stream import Stream

SEED = "double-random sample 1"
FIRST_DAY, LAST_DAY = date(2023, 11, 1), date(2026, 10, 31)
# A name consists of three plants: some real firms already have names of two.
_PLANTS = "松竹梅兰菊荷桂枫柏杉榆柳桃杏梨枣橙柚茶榕樟桐莲芦"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = "一二三四五六七八九甲乙丙丁"
_STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰"
_SECTIONS = (
    ("律师工作科", "律师"),
    ("公共法律服务管理科", "律师、公证、司法鉴定"),
    ("法治督察科", "律师、公证"),
    ("示例东路司法所", "律师、基层"),
)
_ROADS = ("示例东路", "示例西路", "示例大道", "示例中街")


class _Maker:
    """Builds the bureau step by step from one stream; the order of the steps is part of the sample."""

    def __init__(self) -> None:
        self.bureau = Bureau()
        self.stream = Stream(SEED)
        self.serial = 10
        words: set[str] = set()
        while len(words) < 200:
            words.add("".join(self.stream.some(_PLANTS, 3)))
        self.words = self.stream.some(sorted(words), 200)

    def person(self) -> str:
        return self.stream.one(_SURNAMES) + "示例" + self.stream.one(_GIVEN)

    def road(self, district: str = DISTRICT) -> str:
        return f"{CITY}{district}{self.stream.one(_ROADS)}{self.stream.between(1, 998)}号"

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.stream.below((last - first).days + 1))

    def permit(self, one: Institution, event: str, day: date, title: str) -> None:
        self.bureau.permits.append(
            Permit(
                institution=one,
                day=day,
                name=one.name,
                head=one.head,
                address=one.address,
                title=title,
                content=f"{one.kind.noun}{event};住所:{one.address}",
            )
        )

    def found(self, kind: Kind, name: str, last: date = date(2025, 6, 30)) -> Institution:
        self.serial += 1
        founded = self.day(date(1994, 1, 3), last)
        one = Institution(
            kind=kind,
            name=name,
            code=code(kind.codes[self.serial % 3 == 0 and len(kind.codes) > 1], self.serial),
            licence=f"29900{founded.year}10{self.serial:06d}",
            founded=founded,
            head=self.person(),
            address=self.road(),
            names=[(founded, name)],
        )
        self.bureau.institutions.append(one)
        self.permit(one, "设立", founded, f"关于准予{kind.noun}设立的决定")
        return one

    def change(self, one: Institution, what: str) -> None:
        day = self.day(max(FIRST_DAY, one.founded + timedelta(days=200)), date(2026, 9, 30))
        if what == "名称":
            one.name = f"示例{self.words.pop()}{one.kind.ending}"
            one.names.append((day, one.name))
        elif what == "负责人":
            one.head = self.person()
        else:
            one.address = self.road()
        self.permit(one, f"变更{what}", day, f"关于准予{one.kind.noun}变更{what}的决定")

    def institutions(self) -> None:
        for _ in range(146):
            self.found(FIRM, f"示例{self.words.pop()}律师事务所")
        for number in range(12):
            word = self.words.pop()
            name = (
                f"示例{word}({CITY})律师事务所" if number % 3 else f"示例{word}律师事务所{CITY}分所"
            )
            self.found(BRANCH, name)
        for _ in range(6):
            self.found(NOTARY, f"{CITY}示例{self.words.pop()}公证处", date(2010, 12, 31))
        for _ in range(8):
            self.found(FORENSIC, f"示例{self.words.pop()}司法鉴定中心", date(2020, 12, 31))

    def changes(self) -> None:
        older = [one for one in self.bureau.of(FIRM) if one.founded < date(2023, 1, 1)]
        chosen = self.stream.some(older, 27)
        for what, ones in (("名称", chosen[:6]), ("住所", chosen[6:14]), ("负责人", chosen[14:21])):
            for one in ones:
                self.change(one, what)
        for one in chosen[21:24]:
            one.ended = self.day(date(2024, 1, 2), date(2026, 6, 30))
            self.permit(one, "注销", one.ended, "关于注销律师事务所的决定")
        moved, revoked, withdrawn = chosen[24:]
        moved.ended = date(2025, 5, 6)
        moved.address = self.road(NEIGHBOUR)
        self.permit(moved, "迁出", moved.ended, "关于准予律师事务所迁出的决定")
        revoked.ended = date(2025, 9, 12)
        self.penalty(revoked, revoked.ended, "吊销许可证件")
        withdrawn.ended = withdrawn.founded
        for permit in self.bureau.permits:
            if permit.institution is withdrawn:
                permit.valid = False

    def penalty(self, one: Institution, day: date, kind: str) -> Penalty:
        """Add one penalty within the legal range for its kind of institution (律师法 50, 公证法 41–42)."""
        conducts = {
            FORENSIC: ("违反司法鉴定程序", "未按规定保管鉴定档案"),
            NOTARY: ("违反规定的收费标准收取公证费", "公证档案保管不善"),
        }.get(
            one.kind,
            (
                "违反规定接受委托、收取费用",
                "违反规定接受有利益冲突的案件",
                "违反法定程序办理变更事项",
                "疏于管理,造成严重后果",
                "拒绝履行法律援助义务",
            ),
        )
        basis = {
            FORENSIC: "《全国人民代表大会常务委员会关于司法鉴定管理问题的决定》第十三条",
            NOTARY: "《中华人民共和国公证法》第四十一条",
        }.get(one.kind, "《中华人民共和国律师法》第五十条")
        fine = self.stream.one(("1", "1.5", "2", "3.2", "5")) if "罚款" in kind else ""
        confiscated = self.stream.one(("0.7", "1.25", "4")) if "没收" in kind else ""
        # 轻微 penalties are published for three months at most since 2026-04-01 (《信用修复管理办法》).
        light = kind == "警告" and day >= date(2026, 4, 1)
        ends = shown = day + timedelta(days=90 if light else 365)
        content = kind
        if "停业整顿" in kind:
            months = self.stream.between(1, 3)
            ends = day + timedelta(days=30 * months)
            content = kind.replace("停业整顿", f"停业整顿{'一两三'[months - 1]}个月")
        if "吊销" in kind:
            ends, shown = date(2099, 12, 31), day + timedelta(days=3 * 365)
            content = "吊销执业许可证"
        if fine:
            content = content.replace("罚款", f"罚款{fine}万元")
        if confiscated:
            content = content.replace("没收违法所得", f"没收违法所得{confiscated}万元")
        made = Penalty(
            institution=one,
            day=day,
            conduct=self.stream.one(conducts),
            basis=basis,
            kinds=kind,
            content=content,
            fine=fine,
            confiscated=confiscated,
            ends=ends,
            publish_until=shown,
        )
        self.bureau.penalties.append(made)
        return made

    def penalties(self) -> None:
        kinds = (
            ("警告", 14),
            ("警告;罚款", 8),
            ("警告;没收违法所得", 4),
            ("停业整顿", 3),
            ("停业整顿;罚款", 1),
        )
        alive = [one for one in self.bureau.institutions if one.ended is None]
        for one in self.stream.some(alive, 26):
            kind = self.stream.weighted(kinds)
            if one.kind in (NOTARY, FORENSIC):
                kind = "警告"
            first = max(FIRST_DAY, one.founded)
            made = self.penalty(one, self.day(first, date(2026, 7, 31)), kind)
            again = made.ends + timedelta(days=self.stream.between(20, 200))
            if self.stream.below(4) == 0 and again <= LAST_DAY:
                self.penalty(one, again, "警告" if one.kind in (NOTARY, FORENSIC) else "警告;罚款")
        # One firm is suspended on the last day, so the draw must leave it out.
        calm = [
            one
            for one in self.bureau.of(FIRM)
            if not any(p.institution is one for p in self.bureau.penalties)
        ]
        self.penalty(self.stream.one(calm), LAST_DAY - timedelta(days=12), "停业整顿")

    def complaints(self) -> None:
        """At most a third of the complaints are upheld; six of these led to a penalty and name it."""
        for made in self.stream.some(self.bureau.penalties, 6):
            decided = made.day - timedelta(days=self.stream.between(10, 30))
            filed = decided - timedelta(days=self.stream.between(20, 60))
            self.complaint(made.institution, filed, "受理", "查实", decided, made)
        alive = [one for one in self.bureau.institutions if one.ended is None]
        for _ in range(90):
            one = self.stream.one(alive)
            filed = self.day(max(FIRST_DAY, one.founded), LAST_DAY)
            acceptance = self.stream.weighted((("受理", 7), ("不予受理", 2)))
            outcome, decided_on = "", None
            if acceptance == "受理" and filed + timedelta(days=60) <= LAST_DAY:
                decided_on = filed + timedelta(days=self.stream.between(20, 60))
                outcome = self.stream.weighted(
                    (("不属实", 10), ("撤回", 4), ("部分查实", 3), ("查实", 4))
                )
            self.complaint(one, filed, acceptance, outcome, decided_on, None)

    def complaint(
        self,
        one: Institution,
        filed: date,
        acceptance: str,
        outcome: str,
        decided: date | None,
        became: Penalty | None,
    ) -> None:
        self.bureau.complaints.append(
            Complaint(
                institution=one,
                day=filed,
                channel=self.stream.one(("12348", "来信", "来访", "网上")),
                matter=self.stream.one(("收费", "服务态度", "利益冲突", "拖延办理")),
                acceptance=acceptance,
                outcome=outcome,
                decided=decided,
                became=became,
            )
        )

    def people(self) -> None:
        """15 on the roster, one on leave; four form the section that inspects in two groups (as 渝中 in 2024)."""
        for place, stem in enumerate(_STEMS):
            unit, speciality = _SECTIONS[0 if place < 4 else 1 + place % 3]
            self.bureau.inspectors.append(
                Inspector(
                    name=f"检查员示例{stem}",
                    number=f"ZF99XXXX{place + 1:02d}",
                    unit=f"{DISTRICT}司法局{unit}",
                    speciality=speciality,
                    lead=place % 2 == 0,
                    on_duty=place < 14,
                )
            )

    def away(self) -> None:
        reasons = ("近亲属在该机构执业", "曾在该机构执业", "与该机构有利害关系")
        for place, one in enumerate(self.stream.some(self.bureau.of(FIRM), 9)):
            who = self.bureau.inspectors[place]
            self.bureau.recusals.append((who, one, self.stream.one(reasons)))
        one = self.stream.one(self.bureau.of(BRANCH))
        self.bureau.recusals.append((self.bureau.inspectors[4], one, reasons[0]))


def _number(papers: Sequence[Paper], series: str) -> None:
    """Assign each paper its number within its year, in the order of days."""
    numbers: Counter[int] = Counter()
    for paper in sorted(papers, key=lambda paper: paper.day):
        numbers[paper.day.year] += 1
        paper.document = f"{series}〔{paper.day.year}〕{numbers[paper.day.year]}号"


def bureau() -> Bureau:
    """Build the fictitious bureau, the same on every call."""
    maker = _Maker()
    maker.institutions()
    maker.changes()
    maker.penalties()
    maker.complaints()
    maker.people()
    maker.away()
    made = maker.bureau
    _number(made.permits, "示例司许决字")
    _number(made.penalties, "示例司罚决字")
    _number(made.complaints, "示例投")
    return made
