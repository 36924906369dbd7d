"""Placeholders of values on help pages and examples of required values: words instead of Python types."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, get_args

from double_random.core.translation import N_, _

DAY, TIME, NUMBER, TEXT = N_("DAY"), N_("TIME"), N_("N"), N_("TEXT")
FILE, FOLDER, NAME, CODE = N_("FILE"), N_("FOLDER"), N_("NAME"), N_("CODE")
DRAW, INSTITUTION, RECORD, POLICY = N_("DRAW"), N_("INSTITUTION"), N_("RECORD"), N_("POLICY")
KEY, REASON = N_("KEY"), N_("REASON")

# By the option's name, or by the argument's parameter name; an option not listed here takes the word of its type.
OPTIONS = {
    "--at": TIME,
    "--known-at": TIME,
    "--not-before": TIME,
    "--draw": DRAW,
    "--replaces": DRAW,
    "--release": N_("RELEASE"),
    "--kind": N_("KIND"),
    "--district": N_("DISTRICT"),
    "--unit": N_("UNIT"),
    "--item": N_("ITEM"),
    "--policy": POLICY,
    "--record": RECORD,
    "--institution": INSTITUTION,
    "--by": NAME,
    "--name": NAME,
    "--authority": NAME,
    "--department": NAME,
    "--reason": REASON,
    "--source": N_("SOURCE"),
    "--entropy": N_("SOURCE[=VALUE]"),
    "--confirm": N_("SOURCE=VALUE"),
    "--quarter": N_("QUARTER"),
    "--step": N_("STEP"),
    "--status": N_("STATUS"),
    "--grade": N_("GRADE"),
    "--key": KEY,
    "--code": CODE,
    "--witness": N_("WITNESS"),
    "--lang": N_("LANGUAGE"),
    "--memory": N_("SIZE"),
    "--remote": N_("SERVER"),
    "--tables": FOLDER,
    "--folder": FOLDER,
    "--home": FOLDER,
    "--to": FOLDER,
    "--letters": FOLDER,
    "--host": N_("ADDRESS"),
    "--port": N_("PORT"),
    "--reserve": N_("SHARE"),
    "--on-finish": N_("COMMAND"),
    "--engine": "duckdb|spark",
    "--hash": "sha256|sm3",
}
ARGUMENTS = {
    "act": NUMBER,
    "asked": NAME,
    "bundle": N_("BUNDLE"),
    "code": CODE,
    "draw": DRAW,
    "draws": DRAW,
    "drop": N_("DROP"),
    "file": FILE,
    "first": POLICY,
    "folder": FOLDER,
    "history": FILE,
    "inspector": N_("INSPECTOR"),
    "institution": INSTITUTION,
    "items": N_("ITEM"),
    "line": N_("LINE"),
    "name": NAME,
    "number": N_("NUMBER"),
    "package": FILE,
    "party": INSTITUTION,
    "query": N_("QUERY"),
    "record": RECORD,
    "release": N_("RELEASE"),
    "second": POLICY,
    "sheet": FILE,
    "sources": N_("DROP"),
    "step": N_("STEP"),
    "target": INSTITUTION,
    "targets": INSTITUTION,
    "value": N_("SOURCE=VALUE"),
    "year": N_("YEAR"),
}
# For one command only, if the name means something else there.
OWN = {
    ("draw", "name"): DRAW,
    ("draw", "--plan"): FOLDER,
    ("draw", "--proof"): N_("SOURCE=VALUE"),
    ("pack", "target"): FILE,
    ("check-notice", "code"): CODE,
    ("build", "--output"): FOLDER,
    ("upload-files", "--output"): FOLDER,
}
EXAMPLES = {
    "--as-of": "2026-11-20",
    "--by": "张某（示例）",
    "--checkpoint": "checkpoint.txt",
    "--draw": "2026-Q4-1",
    "--first-day": "2026-11-23",
    "--from": "2026-01-01",
    "--key": "log.pub",
    "--last-day": "2026-12-11",
    "--log": "log.jsonl",
    "--name": "example-witness",
    "--not-before": "2026-11-22 16:00",
    "--output": "head.tsq",
    "--publish-by": "2026-12-31",
    "--quarter": "2026Q4",
    "--scan": "record.pdf",
    "--source": "lottery:快乐8:2026300",
    "--to": "/srv/site",
    "--until": "2026-12-31",
    "--witness": "李某（示例），某公证处（示例）",
    "act": "3",
    "asked": "示例律师所",
    "bundle": "bundle.zip",
    "code": "31990000XXXX900180",
    "draw": "2026-Q4-1",
    "draws": "2026-Q4-1 2026-Q4-2",
    "drop": "drop/2026-11-20",
    "file": "proof.json",
    "first": "policy-a.toml",
    "folder": "witness",
    "history": "历次检查.xlsx",
    "inspector": "31990001",
    "institution": "示例律师事务所",
    "party": "示例律师事务所",
    "items": "law-firm-practice",
    "line": "— example-witness …",
    "name": "2026-Q4-1",
    "number": "3f9a2c",
    "query": "SELECT count(*) FROM institutions",
    "record": "3f9a2c",
    "release": "12",
    "second": "policy-b.toml",
    "sheet": "记录表.xlsx",
    "sources": "drop/2026-11-20",
    "step": "notified",
    "target": "示例律师事务所",
    "value": "快乐8:2026300=01 02 03 …",
    "year": "2026",
}
EXAMPLES_OF_ONE = {
    ("pack", "target"): "site.zip",
    ("upload-files", "--output"): "upload",
    ("check-notice", "code"): "DR1:…",
    ("cosign", "--witness"): "witness.pub",
    ("timestamp-attach", "file"): "head.tsr",
    ("replay", "folder"): "replay-2026-Q4-1",
    ("forms", "draw"): "2026-Q4-1",
}
A_REASON = N_("the reason, in a sentence")
REASONS = {
    "void": N_("source not drawn"),
    "replace": N_("ceased"),
    "substitute": N_("illness"),
    "clock": N_("clock wrong"),
}


def value_word(param: Any, command: str = "") -> str:
    """The placeholder for the value of an option or argument: DAY, FILE …, or its choices."""
    name = param_key(param)
    descriptor = param.type_descriptor
    if descriptor.is_choice and descriptor.choices:
        return "|".join(str(getattr(choice, "value", choice)) for choice in descriptor.choices)
    word = OWN.get((command, name)) or (
        ARGUMENTS.get(name) if param.param_type_name == "argument" else _option_word(param, name)
    )
    word = _(word or TEXT)
    return f"{word} …" if descriptor.is_list else word


def param_key(param: Any) -> str:
    """The first name of an option, or the parameter name of an argument."""
    return str(param.opts[0] if param.param_type_name == "option" else param.name)


def _option_word(param: Any, name: str) -> str:
    """The placeholder of an option: by its type if that is specific enough, else by its name."""
    annotation = param.type_descriptor.annotation
    kind = next(
        (annotated for annotated in get_args(annotation) if annotated is not type(None)), annotation
    )
    if kind is datetime:
        return DAY
    if kind is int:
        return OPTIONS.get(name, NUMBER)
    if kind is Path:
        word = OPTIONS.get(name, FILE)
        return word if word in (FILE, FOLDER) else FILE
    return OPTIONS.get(name, TEXT)


def value_example(param: Any, command: str) -> str:
    """An example of a required value as typed, with the option's name; "" if there is no example."""
    name = param_key(param)
    value = EXAMPLES_OF_ONE.get((command, name)) or EXAMPLES.get(name, "")
    if name == "--reason":
        value = _(REASONS.get(command, A_REASON))
    if not value:
        return ""
    many = param.type_descriptor.is_list and param.param_type_name == "argument"
    quoted = f'"{value}"' if " " in value and not many else value
    return quoted if param.param_type_name == "argument" else f"{name} {quoted}"
