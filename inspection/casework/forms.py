"""Fills every form (文书) of a draw from plan, log and case file; a bureau's own templates take precedence.

Forms are in Chinese in every language of the terminal. They are internal until they are signed and issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core import toml_reader
from double_random.core.china_time import to_china_time
from double_random.core.errors import BadFile, Misuse
from double_random.core.toml_reader import FLAG, WORD, List, Table, Text
from double_random.core.translation import _, join_words, load_catalogue, write_chinese_day
from double_random.inspection.case.case_file import read_case
from double_random.inspection.case.steps import Step
from double_random.inspection.casework import notice_code
from double_random.inspection.casework.deadlines import find_not_visited
from double_random.inspection.casework.template import FormContent, fill_template
from double_random.inspection.draw import versions
from double_random.inspection.draw.change_records import ChangeRecord
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.planning.exclusions import ROTATION
from double_random.inspection.planning.items import InspectionItem, find_item
from double_random.inspection.planning.wording import format_source
from double_random.inspection.protocol.files import INSPECTORS_LEFT_OUT, LEFT_OUT
from double_random.inspection.protocol.plan import short_form
from double_random.inspection.protocol.selection import TARGETS
from double_random.store import output_files

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case
    from double_random.inspection.case.target import Target
    from double_random.store.home import Home

PER = ("plan", "draw", "target", "finding", "result", "year", "quarter")
FILE = Table(
    {},
    {
        "form": List(
            Table({"file": WORD, "per": Text(choices=PER), "source": WORD, "confirmed": FLAG})
        )
    },
)
ANNOUNCED = ("抽查任务公告", "抽查名单")  # forms with the content of the public site
OF_A_DRAW = ("draw", "target", "finding", "result")
CASE_TYPES = {"undirected": "不定向", "directed": "定向"}


@dataclass(frozen=True)
class FormTemplate:
    """One template of the list."""

    file: str
    per: str
    source: str
    confirmed: bool

    def read_template(self, home: Home) -> bytes:
        """Return its bytes; BadFile if the file is missing."""
        path = home.fact_file("forms", self.file)
        try:
            return path.read_bytes()
        except OSError:
            raise BadFile(str(path), _("this form is on the list, but is not there")) from None


def read_forms(home: Home) -> tuple[FormTemplate, ...]:
    """Read the list of forms: HOME/facts/forms/forms.toml, else the shipped one; BadFile names its fault."""
    path = home.fact_file("forms", "forms.toml")
    entries = toml_reader.read_toml(path, FILE).get("form", [])
    for entry in entries:
        if "/" in entry["file"] or "\\" in entry["file"]:
            raise BadFile(
                str(path),
                _("a form is named without a folder, got {file}").format(file=entry["file"]),
            )
    return tuple(FormTemplate(**entry) for entry in entries)


def fill_case_forms(
    home: Home, draw: str, as_of: date, prefix: str = ""
) -> Iterator[tuple[str, bytes]]:
    """Fill the forms of a draw's case as (path, bytes), optionally only the files with a prefix.

    Forms per target or finding have a folder each. Misuse if no file has the prefix, BadFile if a template cannot be
    filled.
    """
    chosen = [
        form for form in read_forms(home) if form.per in OF_A_DRAW and form.file.startswith(prefix)
    ]
    if not chosen:
        raise Misuse(
            _("no form begins with {wanted}").format(wanted=prefix),
            join_words(form.file for form in read_forms(home)),
        )
    desk = FormContext(home, read_case(home, draw), as_of)
    for form in chosen:
        template = form.read_template(home)
        stem, _dot, suffix = form.file.rpartition(".")
        if form.per in ("draw", "result"):
            by_id = form.file.startswith(ANNOUNCED)
            yield form.file, fill_template(form.file, template, desk.draw_content(by_id))
            continue
        for number, target in enumerate(desk.case.active_targets, start=1):
            content = desk.target_content(target)
            whose = f"{number:03d}_{target.id.replace(':', '_')}"
            if form.per == "target":
                yield f"{stem}/{whose}.{suffix}", fill_template(form.file, template, content)
                continue
            for item_id in target.items:
                full = desk.finding_content(target, item_id, content)
                yield f"{stem}/{whose}_{item_id}.{suffix}", fill_template(form.file, template, full)


@dataclass(frozen=True)
class FormContext:
    """The content of one draw's forms, by placeholder."""

    home: Home
    case: Case
    as_of: date

    @cached_property
    def folder(self) -> DrawFolder:
        """The draw's folder."""
        return DrawFolder.find(self.home, self.case.draw)

    @cached_property
    def files(self) -> versions.Files:
        """The plan's files."""
        return versions.read_files(self.case.plan, self.folder.read_files())

    @cached_property
    def items(self) -> tuple[InspectionItem, ...]:
        """The draw's items, from the current list."""
        return tuple(find_item(self.home, plan_item.id) for plan_item in self.case.plan.items)

    @cached_property
    def register(self) -> Mapping[str, Mapping[str, str]]:
        """Address, head and registering authority by institution, as of the plan's day."""
        from double_random.registry.institutions import queries

        with self.home.releases.read() as release:
            day = date.fromisoformat(self.case.plan.as_of)
            rows = queries.institutions_as_of(release, day)
            return {
                row["id"]: {name: row[name] or "" for name in ("address", "head", "authority")}
                for row in rows.iter_rows(named=True)
            }

    @cached_property
    def certificate_numbers(self) -> Mapping[str, str]:
        """Certificate number by the inspector's number in the plan."""
        return {number: badge for badge, number in self.folder.read_badges().items()}

    @cached_property
    def leads(self) -> frozenset[str]:
        """The inspectors who are leads."""
        return frozenset(inspector.id for inspector in self.files.inspectors if inspector.lead)

    @cached_property
    def codes(self) -> notice_code.NoticeCodes:
        """The codes of its notices."""
        return notice_code.NoticeCodes(self.home, self.case.draw)

    @cached_property
    def values(self) -> dict[str, str]:
        """The values that every form of the draw may use."""
        case, plan, task = self.case, self.case.plan, self.case.task
        drawn = case.state.drawn or {}
        raw = self.folder.read_files()
        left = LEFT_OUT.load(raw["left_out.csv"])
        away = INSPECTORS_LEFT_OUT.load(raw["inspectors_left_out.csv"])
        entropy, sources = case.state.entropy, self.folder.read_sources()
        return {
            "检查机关": plan.authority_name,
            "抽查计划编号": task.year_plan or plan.number,
            "抽查计划名称": plan.title,
            "抽查任务编号": task.number or case.draw,
            "抽查任务名称": plan.title,
            "抽查类型": CASE_TYPES[task.type] + (f"（{task.reason}）" if task.reason else ""),
            "抽查事项": "、".join(plan_item.title for plan_item in plan.items),
            "检查事项": "、".join(plan_item.title for plan_item in plan.items),
            "检查依据": "；".join(dict.fromkeys(plan_item.basis for plan_item in plan.items)),
            "检查方式": "、".join(
                dict.fromkeys(
                    to_chinese(method) for plan_item in self.items for method in plan_item.methods
                )
            ),
            "检查频次": self._find_frequency(),
            "任务来源": "双随机抽查",
            "抽查对象范围": self._describe_scope(),
            "检查日期自": format_chinese_day(task.first_day),
            "检查日期至": format_chinese_day(task.last_day),
            "检查时间": f"{format_chinese_day(task.first_day)}至{format_chinese_day(task.last_day)}",
            "抽查数量": str(len(case.active_targets)),
            "抽取时间": format_china_time(str(drawn.get("time", ""))),
            "随机源": "、".join(format_source(source, to_chinese) for source in sources),
            "公开随机号码": "；".join(
                f"{format_source(source, to_chinese)}：{entropy[source.text]}"
                for source in sources
                if source.text in entropy
            ),
            "名录库总数": str(len(self.files.frame) + len(left)),
            "参与抽取数": str(len(self.files.frame)),
            "未参与抽取数": str(len(left)),
            "未参与理由": _count_reasons(row[1] for row in left),
            "检查人员库总数": str(len(self.files.inspectors) + len(away)),
            "参与人员数": str(len(self.files.inspectors)),
            "未参与人员": _count_reasons(row[1] for row in away),
            "回避情况": self._describe_recusals(),
            "方案校验码": plan.code,
            "结果校验码": short_form(str(drawn.get("result", ""))),
        }

    def _describe_recusals(self) -> str:
        """Describe how many pairs the draw excluded, by rotation (轮换) and by declared recusal."""
        turned = sum(why == ROTATION for _target, _inspector, why in self.folder.read_exclusions())
        declared = len(self.files.recusals) - turned
        rotation = f"，按轮换避开 {turned} 条" if turned else ""
        return f"已登记回避关系 {declared} 条{rotation}，抽取时已排除"

    def draw_content(self, by_id: bool = False) -> FormContent:
        """Return the content of the draw's own forms: list, groups, inspectors, changes and results.

        `by_id`: the list in the order of list.csv, as on the public site, not in the order of visits.
        """
        rows = self._target_rows()
        if by_id:
            rows.sort(key=lambda row: row["代码"])
            rows = [row | {"序号": str(number)} for number, row in enumerate(rows, start=1)]
        lists = {
            "名单": rows,
            "分组": self._stratum_rows(),
            "人员": self._inspector_rows(),
            "变更": self._change_rows(),
            "结果": self._result_rows(),
        }
        return FormContent(self.values, lists)

    def target_content(self, target: Target) -> FormContent:
        """Return the content of one target's forms; the notice's code names the current team."""
        registered = self.register.get(target.id, {})
        code = self.codes.make_code(target.id)
        values = {
            **self.values,
            "检查对象": target.name,
            "统一社会信用代码": "" if ":" in target.id else target.id,
            "住所": registered.get("address", ""),
            "负责人": registered.get("head", ""),
            "检查人员": "、".join(
                f"{self.case.names[inspector]}（{role}，执法证号 {self.certificate_numbers.get(inspector, '')}）"
                for inspector, role in self._assign_roles(target).items()
            ),
            "审批文号": _paper_number(target, Step.approved),
            "通知文号": _paper_number(target, Step.notified),
            "通知日期": format_chinese_day(target.papers[Step.notified].date)
            if Step.notified in target.papers
            else "　　　　年　　月　　日",
            "检查码": _paper_number(target, Step.coded),
            "检查日期": format_chinese_day(target.visited),
        }
        return FormContent(values, {}, {"核验码": notice_code.render_qr_code(code)})

    def finding_content(self, target: Target, item_id: str, content: FormContent) -> FormContent:
        """Return the content of one item's record sheet; empty if nothing is on file yet."""
        item_row = next(row for row in self.items if row.id == item_id)
        finding = target.findings.get(item_id)
        values = {
            **content.values,
            "检查项目": item_row.title,
            "检查内容": item_row.content,
            "检查依据": item_row.basis,
            "检查结果": self._join_result_words(finding.codes) if finding else "",
            "存在问题": finding.found if finding else "",
            "整改期限": format_chinese_day(finding.correct_by) if finding else "",
            "立案移送": " ".join(filter(None, (finding.filed, finding.transferred)))
            if finding
            else "",
        }
        return FormContent(values, {}, content.pictures)

    def _target_rows(self) -> list[dict[str, str]]:
        rows = []
        for number, target in enumerate(self.case.active_targets, start=1):
            roles = self._assign_roles(target)
            rows.append(
                {
                    "序号": str(number),
                    "次序": str(number),
                    "名称": target.name,
                    "代码": target.id,
                    "登记机关": self.register.get(target.id, {}).get("authority", ""),
                    "主办": self._join_names(roles, "主办"),
                    "协办": self._join_names(roles, "协办"),
                }
            )
        return rows

    def _stratum_rows(self) -> list[dict[str, str]]:
        rows = TARGETS.load(self.folder.read_result()["targets.csv"])
        return [
            {
                "名称": self._name_stratum(stratum.stratum),
                "总数": str(stratum.population),
                "比例": f"{stratum.ratio[0]}/{stratum.ratio[1]}",
                "抽中": str(
                    sum(row[1:3] == (stratum.stratum, "drawn") for row in map(tuple, rows))
                ),
                "备选": str(
                    sum(row[1:3] == (stratum.stratum, "reserve") for row in map(tuple, rows))
                ),
            }
            for stratum in self.files.strata.strata
        ]

    def _name_stratum(self, stratum: str) -> str:
        """Return a group's name in Chinese, such as 律师事务所 A."""
        kind, *more = stratum.split("/")
        words = {"clean": "（多年无问题）"}
        return " ".join(
            [self._kind_names.get(kind, kind), *(words.get(part, part) for part in more)]
        )

    @cached_property
    def _kind_names(self) -> dict[str, str]:
        from double_random.registry.institutions.kinds import load_kinds

        return {kind.code: kind.zh for kind in load_kinds(self.home)}

    def _inspector_rows(self) -> list[dict[str, str]]:
        loads: dict[str, int] = {}
        for target in self.case.active_targets:
            for inspector in target.team:
                loads[inspector] = loads.get(inspector, 0) + 1
        return [
            {
                "姓名": self.case.names[inspector],
                "证号": self.certificate_numbers.get(inspector, ""),
                "角色": "可任主办" if inspector in self.leads else "协办",
                "家数": str(loads[inspector]),
            }
            for inspector in sorted(loads)
        ]

    def _change_rows(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = []
        names = {party.id: party.name for party in self.case.targets.values()} | dict(
            self.case.names
        )
        for number in range(1, len(self.case.state.changes) + 1):
            record = ChangeRecord.read(self.folder.read_record(number))
            change = record.change
            replaced = change.kind == "replace"
            rows.append(
                {
                    "日期": format_chinese_day(record.date),
                    "类别": "递补" if replaced else "更换检查人员",
                    "原": names.get(change.old, change.old),
                    "现": "、".join(
                        names.get(party, party) for party in change.new.split(", ") if party
                    )
                    or "空缺",
                    "理由": to_chinese(change.reason),
                }
            )
        return rows

    def _result_rows(self) -> list[dict[str, str]]:
        """Return the rows to announce: targets with a result on file or not visited in time (未检查)."""
        late = {target.id for target in find_not_visited(self.case, self.as_of)}
        rows: list[dict[str, str]] = []
        for target in self.case.active_targets:
            if not target.has_step(Step.recorded) and target.id not in late:
                continue
            codes = dict.fromkeys(code for f in target.findings.values() for code in f.codes)
            if len(codes) > 1:
                codes.pop("clean", None)
            rows.append(
                {
                    "序号": str(len(rows) + 1),
                    "名称": target.name,
                    "代码": target.id,
                    "日期": format_chinese_day(target.visited),
                    "结果": self._join_result_words(tuple(codes)) if codes else "未检查",
                    "备注": "",
                }
            )
        return rows

    def _assign_roles(self, target: Target) -> dict[str, str]:
        """Return a team's roles: as many leads as the plan requires are 主办, by number; the others are 协办."""
        team = sorted(target.team, key=lambda inspector: (inspector not in self.leads, inspector))
        leads = [inspector for inspector in team if inspector in self.leads][
            : max(self.case.plan.team.leads, 1)
        ]
        return {inspector: "主办" if inspector in leads else "协办" for inspector in team}

    def _join_names(self, roles: Mapping[str, str], role: str) -> str:
        return "、".join(
            self.case.names[inspector] for inspector, own_role in roles.items() if own_role == role
        )

    def _join_result_words(self, codes: tuple[str, ...]) -> str:
        return "、".join(self.result_words[code] for code in codes)

    @cached_property
    def result_words(self) -> Mapping[str, str]:
        """The words of results by code."""
        from double_random.intake.code_lists import load_code_list

        result_kinds = load_code_list(self.home.fact_file("inspection_results.toml"))
        return {kind.code: kind.word for kind in result_kinds}

    def _describe_scope(self) -> str:
        from double_random.registry.institutions.districts import load_district_names

        named = load_district_names(self.home)
        places = "、".join(named.get(code, code) for code in self.case.plan.districts)
        return f"{places} {'、'.join(self._kind_names.get(code, code) for code in self.case.plan.kinds)}"

    def _find_frequency(self) -> str:
        from double_random.inspection.casework.year_plan import read_year_plan

        task = self.case.task
        plan = read_year_plan(self.home, int(task.first_day[:4]))
        for batch in plan.batches if plan else ():
            if batch.id == task.batch:
                return batch.frequency
        return ""


def to_chinese(word: str) -> str:
    """Translate one of the program's words into Chinese."""
    return load_catalogue("zh_CN").gettext(word) if word else ""


def format_china_time(time: str) -> str:
    """Format a time of the log (UTC) in China time; "" if empty."""
    if not time:
        return ""
    moment = to_china_time(time)
    return f"{format_chinese_day(moment.date().isoformat())} {moment:%H:%M}"


def format_chinese_day(day: str) -> str:
    """Format a day for paper: 2026-03-02 becomes 2026年3月2日; "" if empty."""
    return write_chinese_day(date.fromisoformat(day)) if day else ""


def write_forms(folder: Path, filled: Iterator[tuple[str, bytes]]) -> list[Path]:
    """Write forms to a new folder; Misuse if it has content, so that no signed paper is overwritten."""
    output_files.refuse_existing(folder)
    written = []
    for name, content in filled:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        output_files.write_output(path, content)
        written.append(path)
    return written


def list_unconfirmed(home: Home, written: Iterable[Path]) -> list[str]:
    """Return the written forms that were never compared with the official forms; paths are relative to the folder."""
    named = {path.parts[0] for path in written}  # the form itself, or its folder of one each
    return [
        form.file
        for form in read_forms(home)
        if not form.confirmed and {form.file, Path(form.file).stem} & named
    ]


def _paper_number(target: Target, step: Step) -> str:
    return target.papers[step].number if step in target.papers else ""


def _count_reasons(reasons: Iterator[str]) -> str:
    counts: dict[str, int] = {}
    for reason in reasons:
        counts[reason] = counts.get(reason, 0) + 1
    return (
        "；".join(f"{to_chinese(reason)} {count}" for reason, count in sorted(counts.items()))
        or "无"
    )
