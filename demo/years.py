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
    Penalty,
    Permit,
    SampleBureau,
    SampleComplaint,
    SampleInspector,
    SampleInstitution,
    SampleKind,
    SamplePaper,
    fictitious_code,
)
from double_random.demo.random_stream import SampleStream

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


class _BureauBuilder:
    """Builds the bureau step by step from one stream; the order of the steps is part of the sample."""

    def __init__(self) -> None:
        self.bureau = SampleBureau()
        self.stream = SampleStream(SEED)
        self.serial = 10
        words: set[str] = set()
        while len(words) < 200:
            words.add("".join(self.stream.pick_several(_PLANTS, 3)))
        self.words = self.stream.pick_several(sorted(words), 200)

    def random_person(self) -> str:
        return self.stream.pick_one(_SURNAMES) + "示例" + self.stream.pick_one(_GIVEN)

    def random_address(self, district: str = DISTRICT) -> str:
        return (
            f"{CITY}{district}{self.stream.pick_one(_ROADS)}{self.stream.number_between(1, 998)}号"
        )

    def random_day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.stream.number_below((last - first).days + 1))

    def add_permit(self, institution: SampleInstitution, event: str, day: date, title: str) -> None:
        self.bureau.permits.append(
            Permit(
                institution=institution,
                day=day,
                name=institution.name,
                head=institution.head,
                address=institution.address,
                title=title,
                content=f"{institution.kind.noun}{event};住所:{institution.address}",
            )
        )

    def add_institution(
        self, kind: SampleKind, name: str, last: date = date(2025, 6, 30)
    ) -> SampleInstitution:
        self.serial += 1
        founded = self.random_day(date(1994, 1, 3), last)
        institution = SampleInstitution(
            kind=kind,
            name=name,
            code=fictitious_code(
                kind.codes[self.serial % 3 == 0 and len(kind.codes) > 1], self.serial
            ),
            licence=f"29900{founded.year}10{self.serial:06d}",
            founded=founded,
            head=self.random_person(),
            address=self.random_address(),
            names=[(founded, name)],
        )
        self.bureau.institutions.append(institution)
        self.add_permit(institution, "设立", founded, f"关于准予{kind.noun}设立的决定")
        return institution

    def change_institution(self, institution: SampleInstitution, field: str) -> None:
        day = self.random_day(
            max(FIRST_DAY, institution.founded + timedelta(days=200)), date(2026, 9, 30)
        )
        if field == "名称":
            institution.name = f"示例{self.words.pop()}{institution.kind.ending}"
            institution.names.append((day, institution.name))
        elif field == "负责人":
            institution.head = self.random_person()
        else:
            institution.address = self.random_address()
        self.add_permit(
            institution, f"变更{field}", day, f"关于准予{institution.kind.noun}变更{field}的决定"
        )

    def add_institutions(self) -> None:
        for _ in range(146):
            self.add_institution(FIRM, f"示例{self.words.pop()}律师事务所")
        for number in range(12):
            word = self.words.pop()
            name = (
                f"示例{word}({CITY})律师事务所" if number % 3 else f"示例{word}律师事务所{CITY}分所"
            )
            self.add_institution(BRANCH, name)
        for _ in range(6):
            self.add_institution(NOTARY, f"{CITY}示例{self.words.pop()}公证处", date(2010, 12, 31))
        for _ in range(8):
            self.add_institution(
                FORENSIC, f"示例{self.words.pop()}司法鉴定中心", date(2020, 12, 31)
            )

    def add_changes(self) -> None:
        older = [
            institution
            for institution in self.bureau.existing_of_kind(FIRM)
            if institution.founded < date(2023, 1, 1)
        ]
        chosen = self.stream.pick_several(older, 27)
        for field, institutions in (
            ("名称", chosen[:6]),
            ("住所", chosen[6:14]),
            ("负责人", chosen[14:21]),
        ):
            for institution in institutions:
                self.change_institution(institution, field)
        for institution in chosen[21:24]:
            institution.ended = self.random_day(date(2024, 1, 2), date(2026, 6, 30))
            self.add_permit(institution, "注销", institution.ended, "关于注销律师事务所的决定")
        moved, revoked, withdrawn = chosen[24:]
        moved.ended = date(2025, 5, 6)
        moved.address = self.random_address(NEIGHBOUR)
        self.add_permit(moved, "迁出", moved.ended, "关于准予律师事务所迁出的决定")
        revoked.ended = date(2025, 9, 12)
        self.add_penalty(revoked, revoked.ended, "吊销许可证件")
        withdrawn.ended = withdrawn.founded
        for permit in self.bureau.permits:
            if permit.institution is withdrawn:
                permit.valid = False

    def add_penalty(self, institution: SampleInstitution, day: date, kind: str) -> Penalty:
        """Add one penalty within the legal range for its kind of institution (律师法 50, 公证法 41–42)."""
        conducts = {
            FORENSIC: ("违反司法鉴定程序", "未按规定保管鉴定档案"),
            NOTARY: ("违反规定的收费标准收取公证费", "公证档案保管不善"),
        }.get(
            institution.kind,
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
        }.get(institution.kind, "《中华人民共和国律师法》第五十条")
        fine = self.stream.pick_one(("1", "1.5", "2", "3.2", "5")) if "罚款" in kind else ""
        confiscated = self.stream.pick_one(("0.7", "1.25", "4")) if "没收" in kind else ""
        # 轻微 penalties are published for three months at most since 2026-04-01 (《信用修复管理办法》).
        light = kind == "警告" and day >= date(2026, 4, 1)
        ends = publish_until = day + timedelta(days=90 if light else 365)
        content = kind
        if "停业整顿" in kind:
            months = self.stream.number_between(1, 3)
            ends = day + timedelta(days=30 * months)
            content = kind.replace("停业整顿", f"停业整顿{'一两三'[months - 1]}个月")
        if "吊销" in kind:
            ends, publish_until = date(2099, 12, 31), day + timedelta(days=3 * 365)
            content = "吊销执业许可证"
        if fine:
            content = content.replace("罚款", f"罚款{fine}万元")
        if confiscated:
            content = content.replace("没收违法所得", f"没收违法所得{confiscated}万元")
        new_penalty = Penalty(
            institution=institution,
            day=day,
            conduct=self.stream.pick_one(conducts),
            basis=basis,
            kinds=kind,
            content=content,
            fine=fine,
            confiscated=confiscated,
            ends=ends,
            publish_until=publish_until,
        )
        self.bureau.penalties.append(new_penalty)
        return new_penalty

    def add_penalties(self) -> None:
        kinds = (
            ("警告", 14),
            ("警告;罚款", 8),
            ("警告;没收违法所得", 4),
            ("停业整顿", 3),
            ("停业整顿;罚款", 1),
        )
        alive = [
            institution for institution in self.bureau.institutions if institution.ended is None
        ]
        for institution in self.stream.pick_several(alive, 26):
            kind = self.stream.pick_weighted(kinds)
            if institution.kind in (NOTARY, FORENSIC):
                kind = "警告"
            first = max(FIRST_DAY, institution.founded)
            penalty = self.add_penalty(institution, self.random_day(first, date(2026, 7, 31)), kind)
            next_day = penalty.ends + timedelta(days=self.stream.number_between(20, 200))
            if self.stream.number_below(4) == 0 and next_day <= LAST_DAY:
                self.add_penalty(
                    institution,
                    next_day,
                    "警告" if institution.kind in (NOTARY, FORENSIC) else "警告;罚款",
                )
        # One firm is suspended on the last day, so the draw must leave it out.
        calm = [
            institution
            for institution in self.bureau.existing_of_kind(FIRM)
            if not any(p.institution is institution for p in self.bureau.penalties)
        ]
        self.add_penalty(self.stream.pick_one(calm), LAST_DAY - timedelta(days=12), "停业整顿")

    def add_complaints(self) -> None:
        """At most a third of the complaints are upheld; six of these led to a penalty and name it."""
        for penalty in self.stream.pick_several(self.bureau.penalties, 6):
            decided = penalty.day - timedelta(days=self.stream.number_between(10, 30))
            filed = decided - timedelta(days=self.stream.number_between(20, 60))
            self.add_complaint(penalty.institution, filed, "受理", "查实", decided, penalty)
        alive = [
            institution for institution in self.bureau.institutions if institution.ended is None
        ]
        for _ in range(90):
            institution = self.stream.pick_one(alive)
            filed = self.random_day(max(FIRST_DAY, institution.founded), LAST_DAY)
            acceptance = self.stream.pick_weighted((("受理", 7), ("不予受理", 2)))
            outcome, decided_on = "", None
            if acceptance == "受理" and filed + timedelta(days=60) <= LAST_DAY:
                decided_on = filed + timedelta(days=self.stream.number_between(20, 60))
                outcome = self.stream.pick_weighted(
                    (("不属实", 10), ("撤回", 4), ("部分查实", 3), ("查实", 4))
                )
            self.add_complaint(institution, filed, acceptance, outcome, decided_on, None)

    def add_complaint(
        self,
        institution: SampleInstitution,
        filed: date,
        acceptance: str,
        outcome: str,
        decided: date | None,
        became: Penalty | None,
    ) -> None:
        self.bureau.complaints.append(
            SampleComplaint(
                institution=institution,
                day=filed,
                channel=self.stream.pick_one(("12348", "来信", "来访", "网上")),
                matter=self.stream.pick_one(("收费", "服务态度", "利益冲突", "拖延办理")),
                acceptance=acceptance,
                outcome=outcome,
                decided=decided,
                became=became,
            )
        )

    def add_inspectors(self) -> None:
        """15 on the roster, one on leave; four form the section that inspects in two groups (as 渝中 in 2024)."""
        for index, stem in enumerate(_STEMS):
            unit, speciality = _SECTIONS[0 if index < 4 else 1 + index % 3]
            self.bureau.inspectors.append(
                SampleInspector(
                    name=f"检查员示例{stem}",
                    number=f"ZF99XXXX{index + 1:02d}",
                    unit=f"{DISTRICT}司法局{unit}",
                    speciality=speciality,
                    lead=index % 2 == 0,
                    on_duty=index < 14,
                )
            )

    def add_recusals(self) -> None:
        reasons = ("近亲属在该机构执业", "曾在该机构执业", "与该机构有利害关系")
        for index, institution in enumerate(
            self.stream.pick_several(self.bureau.existing_of_kind(FIRM), 9)
        ):
            inspector = self.bureau.inspectors[index]
            self.bureau.recusals.append((inspector, institution, self.stream.pick_one(reasons)))
        institution = self.stream.pick_one(self.bureau.existing_of_kind(BRANCH))
        self.bureau.recusals.append((self.bureau.inspectors[4], institution, reasons[0]))


def _number_papers(papers: Sequence[SamplePaper], series: str) -> None:
    """Assign each paper its number within its year, in the order of days."""
    numbers: Counter[int] = Counter()
    for paper in sorted(papers, key=lambda paper: paper.day):
        numbers[paper.day.year] += 1
        paper.document = f"{series}〔{paper.day.year}〕{numbers[paper.day.year]}号"


def sample_bureau() -> SampleBureau:
    """Build the fictitious bureau, the same on every call."""
    maker = _BureauBuilder()
    maker.add_institutions()
    maker.add_changes()
    maker.add_penalties()
    maker.add_complaints()
    maker.add_inspectors()
    maker.add_recusals()
    filled_bureau = maker.bureau
    _number_papers(filled_bureau.permits, "示例司许决字")
    _number_papers(filled_bureau.penalties, "示例司罚决字")
    _number_papers(filled_bureau.complaints, "示例投")
    return filled_bureau
