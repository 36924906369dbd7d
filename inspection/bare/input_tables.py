"""The tables of a bare draw: files (CSV, XLSX, in any encoding) or Python rows; each fault with its row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from double_random.core.errors import BadFile
from double_random.core.translation import _, join_words
from double_random.inspection.bare.rule_file import BareRule
from double_random.inspection.protocol.text import clean_name, is_short_id, normalize_licence
from double_random.inspection.protocol.v2.target_ids import ANYTHING, is_target_id
from double_random.intake.credit_codes import is_resident_number
from double_random.intake.headings import fold_header

Rows = Path | str | Iterable[Mapping[str, Any]] | Any  # or a frame of Polars or pandas

YES = frozenset(("1", "true", "yes", "y", "x", "是", "主办", "组长", "√", "✓", "lead"))
NO = frozenset(("", "0", "false", "no", "n", "否", "协办", "组员", "member"))
MOST_FAULTS = 20
Headings = Mapping[str, tuple[str, ...]]

TARGETS: Headings = {
    "id": ("id", "编号", "代码", "统一社会信用代码", "对象编号"),
    "name": ("name", "名称", "姓名", "对象名称", "机构名称", "单位名称", "检查对象名称"),
    "kind": ("kind", "类别", "类型", "机构类别"),
    "district": ("district", "区", "所属区", "地区"),
    "stratum": ("stratum", "分组", "抽取分组"),
    "left_out": ("left_out", "未参与原因", "不参与原因"),
}
INSPECTORS: Headings = {
    "id": ("id", "编号", "工号", "证号", "执法证号", "人员编号"),
    "name": ("name", "姓名", "名称", "检查人员"),
    "lead": ("lead", "主办", "是否主办", "组长"),
    "kinds": ("kinds", "类别", "可查类别", "专业"),
    "district": ("district", "区", "所属区", "地区"),
    "left_out": ("left_out", "未参与原因", "不参与原因"),
}
RECUSALS: Headings = {
    "target": ("target", "对象", "检查对象", "对象编号"),
    "inspector": ("inspector", "人员", "检查人员", "人员编号"),
}


@dataclass(frozen=True)
class TargetRow:
    """One row of the targets, its id in the protocol's spelling."""

    row: int
    id: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class PersonRow:
    """One row of the people."""

    row: int
    id: str
    lead: bool
    kinds: tuple[str, ...]
    cells: Mapping[str, str]


@dataclass(frozen=True)
class InputTable:
    """A table as read: the file's name, its rows with their numbers, and the headings that mean nothing here."""

    file: str
    rows: Sequence[tuple[int, Mapping[str, str]]]
    columns: Mapping[str, str]  # meaning → the heading as it stands there
    unused: tuple[str, ...] = ()


@dataclass
class TableFaults:
    """Collects the faults of a table, so that all of them are said at once."""

    table: InputTable
    lines: list[str] = field(default_factory=list)
    hint: str = ""

    def add(self, row: int, column: str, message: str, hint: str = "") -> None:
        """Note a fault of a cell; the first hint is the one that is shown."""
        heading = self.table.columns.get(column, column)
        self.lines.append(
            _("row {row}, column {column}: {message}").format(
                row=row, column=heading, message=message
            )
        )
        self.hint = self.hint or hint

    def raise_any(self) -> None:
        """BadFile with the first fault, and the next ones as its details."""
        if not self.lines:
            return
        error = BadFile(self.table.file, self.lines[0], self.hint)
        error.details = self.lines[1:MOST_FAULTS]
        if len(self.lines) > MOST_FAULTS:
            more = _("… and {number} more").format(number=len(self.lines) - MOST_FAULTS)
            error.details = [*error.details, more]
        raise error


def read_table(source: Rows, name: str, headings: Headings, needed: Sequence[str]) -> InputTable:
    """A table from a file, rows or a frame; `needed`: at least one of these columns is there.

    BadFile if there is no header with such a column, a heading stands twice, or a row is wider than the header.
    """
    if isinstance(source, str | Path):
        return _read_file(Path(source), headings, needed)
    if hasattr(source, "to_dicts"):  # Polars
        source = source.to_dicts()
    elif hasattr(source, "to_dict"):  # pandas
        source = source.to_dict("records")
    given = [dict(row) for row in source]
    names = list(dict.fromkeys(str(key) for row in given for key in row))
    columns, unused = _match_columns(name, names, headings)
    _require_columns(name, columns, needed, headings)
    rows = [
        (number, {meaning: _cell_text(row.get(key)) for meaning, key in columns.items()})
        for number, row in enumerate(given, start=1)
    ]
    return InputTable(name, rows, columns, unused)


def read_targets(table: InputTable, rule: BareRule) -> list[TargetRow]:
    """The targets with their ids.

    BadFile for ids that cannot be or stand twice, reasons that the rule lacks, rows outside its scope, and empty
    cells where the rule forms groups or teams by them.
    """
    faults = TableFaults(table)
    seen: dict[str, int] = {}
    rows = []
    for number, cells in table.rows:
        written = cells.get("id") or cells.get("name", "")
        id = spell_target_id(written)
        column = "id" if cells.get("id") else "name"
        if not written:
            faults.add(number, "id", _("it is empty"), _("each row has an id or a name"))
        elif is_resident_number(written.strip().upper()):
            faults.add(
                number,
                column,
                _("this is a resident's identity number, and ids are published"),
                _("give each person a number of its own, and keep the list that explains it"),
            )
        elif not is_target_id(id):
            faults.add(
                number,
                column,
                _("{value} cannot be an id").format(value=ascii(written)),
                _("type it anew: an invisible character came along when it was copied"),
            )
        elif id in seen:
            faults.add(
                number,
                column,
                _("{id} stands in row {row} already").format(id=id, row=seen[id]),
                _("each target stands there once"),
            )
        seen.setdefault(id, number)
        _check_reason(faults, number, cells, rule.left_out, "left_out")
        if not cells.get("left_out"):
            _check_place(faults, number, cells, rule)
        rows.append(TargetRow(number, id, cells))
    if not rows:
        raise BadFile(table.file, _("no row was found in it"), _("below the header, a row each"))
    faults.raise_any()
    return rows


def read_people(table: InputTable, rule: BareRule) -> list[PersonRow]:
    """The people; without a column of ids they are numbered p0001, p0002 … in the table's order."""
    faults = TableFaults(table)
    seen: dict[str, int] = {}
    rows = []
    for place, (number, cells) in enumerate(table.rows, start=1):
        id = cells["id"] if "id" in table.columns else f"p{place:04d}"
        if not is_short_id(id):
            faults.add(
                number,
                "id",
                _("{value} cannot be an id").format(value=ascii(id)),
                _("letters, digits, _ and - alone; without this column the rows are numbered"),
            )
        elif is_resident_number(id.upper()):
            faults.add(
                number,
                "id",
                _("this is a resident's identity number, and ids are published"),
                _("give each person a number of its own, and keep the list that explains it"),
            )
        elif id in seen:
            faults.add(
                number,
                "id",
                _("{id} stands in row {row} already").format(id=id, row=seen[id]),
                _("each person stands there once"),
            )
        seen.setdefault(id, number)
        lead = cells.get("lead", "").lower()
        if lead not in YES | NO:
            faults.add(
                number,
                "lead",
                _("{value} is neither yes nor no").format(value=lead),
                _("write 1 for a lead, 0 for a member"),
            )
        kinds = tuple(dict.fromkeys(cells.get("kinds", "").replace(",", " ").split()))
        _check_reason(faults, number, cells, rule.inspectors_left_out, "inspectors_left_out")
        rows.append(PersonRow(number, id, lead in YES, kinds, cells))
    faults.raise_any()
    return rows


def read_recusals(
    table: InputTable, targets: Sequence[TargetRow], people: Sequence[PersonRow]
) -> list[tuple[str, str]]:
    """The pairs (target's id, person's id); each side is an id or a name that one row alone has.

    BadFile for a recusal that names nobody: it would bind nobody.
    """
    faults = TableFaults(table)
    by_target = _index_names((row.id, row.cells, spell_target_id) for row in targets)
    by_person = _index_names((row.id, row.cells, str) for row in people)
    pairs = []
    for number, cells in table.rows:
        found = []
        for column, known, spell in (
            ("target", by_target, spell_target_id),
            ("inspector", by_person, str),
        ):
            text = cells[column]
            ids = known.get(text) or known.get(spell(text)) or set()
            if len(ids) == 1:
                found.append(next(iter(ids)))
                continue
            several = _("{value} means several rows").format(value=text)
            nobody = _("{value} names nobody in the tables").format(value=text)
            faults.add(
                number,
                column,
                several if ids else nobody,
                _("write the id as it stands in the table"),
            )
        if len(found) == 2:
            pairs.append((found[0], found[1]))
    faults.raise_any()
    return sorted(set(pairs))


def spell_target_id(text: str) -> str:
    """The id of a target in the protocol's one spelling: as it is, or with `N:` before it, blanks and case folded."""
    folded = normalize_licence(text)
    for id in (folded, f"{folded[:2]}{normalize_licence(folded[2:])}"):
        if is_target_id(id):
            return id
    return ANYTHING + folded


def _index_names(rows: Iterable[tuple[str, Mapping[str, str], Any]]) -> dict[str, set[str]]:
    """Each id and name → the ids of its rows. An id is never taken for a name of another row."""
    by_name: dict[str, set[str]] = {}
    ids = set()
    for id, cells, _spell in rows:
        ids.add(id)
        for text in {cells.get("name", ""), cells.get("id", "")} - {""}:
            by_name.setdefault(text, set()).add(id)
    return {**by_name, **{id: {id} for id in ids}}


def _check_place(
    faults: TableFaults, number: int, cells: Mapping[str, str], rule: BareRule
) -> None:
    """The cells by which the rule forms groups and teams are filled in, and lie in its scope."""
    hint = _("fill in the column, or change the rule")
    for column in rule.needed_columns:
        if not cells.get(column):
            faults.add(number, column, _("it is empty, and the rule forms groups by it"), hint)
    kind = cells.get("kind", "")
    if rule.team.match_kind and len(kind.split()) > 1:
        faults.add(
            number,
            "kind",
            _("{value}: a kind that people are matched by holds no blank").format(value=kind),
            hint,
        )
    for column, scope in (("kind", rule.kinds), ("district", rule.districts)):
        value = cells.get(column, "")
        if scope and value not in scope:
            faults.add(
                number,
                column,
                _("{value} is outside the scope of the rule").format(value=value or "—"),
                _("correct the row, or give it a reason in the column left_out"),
            )


def _check_reason(
    faults: TableFaults, number: int, cells: Mapping[str, str], reasons: Sequence[str], key: str
) -> None:
    reason = cells.get("left_out", "")
    if reason and reason not in reasons:
        known = join_words(reasons) or "—"
        faults.add(
            number,
            "left_out",
            _("{reason} is no reason of the rule").format(reason=reason),
            _("the rule's list {key} under [reasons] has: {known}").format(key=key, known=known),
        )


def _read_file(path: Path, headings: Headings, needed: Sequence[str]) -> InputTable:
    from double_random.intake.drop_reader import open_sheets

    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadFile(
            str(path),
            _("cannot be opened: {why}").format(why=error.strerror or error),
            _("look at the path"),
        ) from None
    for sheet in open_sheets(str(path), raw):
        for place, cells in enumerate(sheet.top):
            texts = [str(cell) for cell in cells]
            columns, unused = _match_columns(str(path), texts, headings)
            if set(needed) & set(columns):
                _require_columns(str(path), columns, needed, headings)
                width = len(texts)
                indexes = {meaning: texts.index(heading) for meaning, heading in columns.items()}
                rows = list(_iterate_rows(path, sheet.body(place, width), indexes))
                return InputTable(str(path), rows, columns, unused)
    _require_columns(str(path), {}, needed, headings)
    raise AssertionError("refused above")


def _iterate_rows(
    path: Path, frame: Any, indexes: Mapping[str, int]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows that are not blank, with their numbers; BadFile for a row that is wider than the header."""
    names = ["row", "beyond", *(f"c{index}" for index in indexes.values())]
    for row, beyond, *values in frame.select(names).iter_rows():
        if beyond:
            raise BadFile(
                str(path),
                _("row {row}: it has more cells than the header").format(row=row),
                _("put a text that holds a comma between double quotes"),
            )
        cells = {meaning: _cell_text(value) for meaning, value in zip(indexes, values, strict=True)}
        if any(cells.values()):
            yield row, cells


def _match_columns(
    file: str, names: Sequence[str], headings: Headings
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Meaning → heading, and the headings without a meaning; BadFile if two headings mean the same."""
    meanings = {fold_header(name): meaning for meaning, many in headings.items() for name in many}
    columns: dict[str, str] = {}
    unused = []
    for name in names:
        meaning = meanings.get(fold_header(name))
        if meaning is None:
            unused.extend([name] if name.strip() else [])
        elif meaning in columns:
            raise BadFile(
                file,
                _("the columns {first} and {second} mean the same").format(
                    first=columns[meaning], second=name
                ),
                _("keep one of them"),
            )
        else:
            columns[meaning] = name
    return columns, tuple(unused)


def _require_columns(
    file: str, columns: Mapping[str, str], needed: Sequence[str], headings: Headings
) -> None:
    alone = needed if needed == tuple(RECUSALS) else ()
    missing = [name for name in alone if name not in columns]
    if missing or not set(needed) & set(columns):
        wanted = missing or list(needed)
        raise BadFile(
            file,
            _("no header with a column {names} was found").format(names=" / ".join(wanted)),
            _("the first row names the columns: {names}").format(names=join_words(headings)),
        )


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return clean_name(str(value)).strip()
