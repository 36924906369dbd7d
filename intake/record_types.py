"""The nouns of a bureau's files, each with its typed columns: the contract with registry and credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

# Types by name, so that reading this file does not load Polars.
_YEAR = {  # a year's result, of an institution or a practitioner
    "name": "text",
    "uscc": "text",
    "licence": "text",
    "year": "integer",
    "result": "text",
    "document": "text",
    "decided": "date",
    "authority": "text",
    "remark": "text",
}

NOUNS: dict[str, dict[str, str]] = {
    "permits": {  # 行政许可
        "name": "text",
        "uscc": "text",
        "licence": "text",
        "certificate": "text",
        "document": "text",
        "title": "text",
        "content": "text",
        "decided": "date",
        "licence_from": "date",
        "licence_to": "date",
        "authority": "text",
        "authority_code": "text",
        "state": "text",
        "head": "text",
        "address": "text",
        "remark": "text",
        "practice": "text",  # of a person's permit: the institution (执业机构), and its code
        "practice_code": "text",
    },
    "penalties": {  # 行政处罚
        "name": "text",
        "uscc": "text",
        "licence": "text",
        "head": "text",
        "document": "text",
        "conduct": "text",
        "facts": "text",
        "basis": "text",
        "kinds": "list",
        "content": "text",
        "fine_fen": "integer",
        "confiscated_fen": "integer",
        "decided": "date",
        "ends": "date",
        "publish_until": "date",
        "authority": "text",
        "practice": "text",  # of a person's penalty: the institution (执业机构)
        "conducted": "date",  # the day of the conduct
        "certificate": "text",  # name and number of the certificate that is withheld or revoked
        "party": "text",  # what the punished party is (行政相对人类别)
    },
    "complaints": {  # 投诉
        "number": "text",
        "name": "text",
        "uscc": "text",
        "licence": "text",
        "filed": "date",
        "channel": "text",
        "matter": "text",
        "acceptance": "text",
        "outcome": "text",
        "decided": "date",
        "related": "text",
        "person": "text",  # the practitioner, and the day of the conduct
        "conducted": "date",
    },
    "inspectors": {  # 执法检查人员
        "name": "text",
        "id": "text",
        "unit": "text",
        "kinds": "list",
        "lead": "flag",
        "status": "text",
        "certificate_to": "date",
        "leave_from": "date",
        "leave_to": "date",
    },
    "recusals": {  # 回避
        "inspector": "text",
        "uscc": "text",
        "licence": "text",
        "name": "text",
        "reason": "text",
        "since": "date",
        "until": "date",
        "person": "text",  # the practitioner; the institution is then where he practises
    },
    "sanctions": {  # 行业处分
        "name": "text",
        "uscc": "text",
        "licence": "text",
        "document": "text",
        "kinds": "list",
        "conduct": "text",
        "facts": "text",
        "basis": "text",
        "content": "text",
        "decided": "date",
        "ends": "date",
        "publish_until": "date",
        "authority": "text",
        "person": "text",
        "conducted": "date",
    },
    "assessments": {  # 年度考核: a practitioner's, by the association
        "person": "text",
        **_YEAR,
    },
    "annual_checks": _YEAR,  # 年度检查考核
    "commendations": {  # 表彰奖励
        "name": "text",
        "uscc": "text",
        "licence": "text",
        "document": "text",
        "title": "text",
        "level": "text",
        "content": "text",
        "decided": "date",
        "ends": "date",
        "authority": "text",
        "evidence": "text",
        "remark": "text",
        "person": "text",
    },
    "inspections": {  # 历次检查
        "year": "integer",
        "task": "text",
        "name": "text",
        "uscc": "text",
        "licence": "text",
        "item": "text",
        "authority": "text",
        "class": "text",
        "date": "date",
        "inspectors": "list",
        "results": "list",
        "document": "text",
        "remark": "text",
        "person": "text",
    },
    "past_draws": {  # 历史抽查: another system's draws, the whole list of each
        "round": "text",
        "position": "integer",
        "institution": "text",
        "name": "text",
        "office": "text",
        "kind": "text",
        "group": "text",
        "drawn": "flag",
        "inspectors": "list",
    },
    "repairs": {  # 信用修复, 更正, 撤销: what was decided about an earlier decision
        "name": "text",
        "uscc": "text",
        "licence": "text",
        "related": "text",
        "result": "text",
        "document": "text",
        "decided": "date",
        "authority": "text",
        "remark": "text",
        "ordered_by": "text",  # the authority that ordered it before the shortest term, and the number of that document
        "order_number": "text",
        "person": "text",
    },
}

# Columns required by the registers and credit: a layout must give them, and a row without one is quarantined.
NEEDED: dict[str, tuple[str, ...]] = {
    "permits": ("name", "decided", "state"),
    "penalties": ("name", "kinds", "decided"),
    "complaints": ("name", "filed"),
    "inspectors": ("name", "id"),
    "recusals": ("inspector",),
    "sanctions": ("name", "kinds", "decided"),
    "annual_checks": ("name", "year", "result"),
    "assessments": ("person", "year", "result"),
    "commendations": ("name", "decided"),
    "inspections": ("name", "date"),
    "past_draws": ("round", "drawn"),
    "repairs": ("name", "result", "decided"),
}

# A needed column that another one may stand in for: a record about a practitioner may lack the institution.
INSTEAD = {"name": "person"}

# The codes of a column that holds one of a closed list.
CODES: dict[str, dict[str, tuple[str, ...]]] = {
    "permits": {"state": ("valid", "invalid")},
    "complaints": {
        "acceptance": ("accepted", "refused"),
        "outcome": ("upheld", "partly_upheld", "unfounded", "withdrawn"),
    },
    "inspectors": {"status": ("on duty", "on leave")},
    "penalties": {"party": ("person", "organisation")},
    "annual_checks": {"result": ("excellent", "passed", "barely_passed", "failed", "absent")},
    "assessments": {
        "result": (
            "excellent",
            "competent",
            "barely_competent",
            "incompetent",
            "deferred",
            "ungraded",
        )
    },
    "commendations": {"level": ("national", "province", "city", "district", "association")},
    "inspections": {"class": ("random", "routine", "special", "case")},
    "repairs": {"result": ("repaired", "revoked", "corrected")},
}

KINDS_FILES = {  # the list of kinds that a column goes by
    "penalties": {"kinds": "penalty_kinds.toml"},
    "sanctions": {"kinds": "sanction_kinds.toml"},
    "inspections": {"results": "inspection_results.toml"},
}

# The nouns whose rows may be about a practitioner.
ABOUT_PERSONS = tuple(noun for noun, columns in NOUNS.items() if "person" in columns)

PLACE = ("file", "sheet", "row")  # the origin of a row; part of every table


def table_schema(noun: str) -> dict[str, pl.DataType]:
    """The Polars types of a noun's table: its columns, then file, sheet and row."""
    import polars as pl

    types: dict[str, pl.DataType] = {
        "text": pl.String(),
        "date": pl.Date(),
        "integer": pl.Int64(),
        "flag": pl.Boolean(),
        "list": pl.List(pl.String()),
    }
    columns = {name: types[kind] for name, kind in NOUNS[noun].items()}
    return columns | {"file": pl.String(), "sheet": pl.String(), "row": pl.Int64()}
