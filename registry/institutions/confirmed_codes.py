"""Confirmed codes (代码确认): a person decides that an official code is right although its check character is wrong.

HOME/acts/confirmed_codes.jsonl contains who decided it, when and why, one line each, and is append-only; of several
decisions on one code the last one counts. A later sync or load accepts the rows of that code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.intake import reasons
from double_random.intake.credit_codes import code_fault, fold_code_text
from double_random.registry import manual_decisions

if TYPE_CHECKING:
    from double_random.intake.layouts import Layout
    from double_random.store.home import Home


@dataclass(frozen=True, kw_only=True)
class CodeDecision:
    """One decision: this code is confirmed, or is not confirmed any more."""

    code: str
    confirmed: bool
    who: str
    why: str
    day: str
    at: str


def confirm_check_character(
    home: Home, asked: str, who: str, why: str, as_of: date, at: str, confirmed: bool = True
) -> str:
    """Store a person's decision on a code; returns the normalised code.

    Misuse if the code is valid, if it is invalid for another reason, or if who or why is empty.
    """
    if not who.strip() or not why.strip():
        raise Misuse(
            _("confirming a code needs who decided it and why"),
            _("say --by NAME and --reason 'the reason'"),
        )
    code = fold_code_text(asked)
    fault = code_fault(code)
    if not fault:
        raise Misuse(_("the code {code} passes the check, and needs no word").format(code=code))
    if fault != reasons.CHECK_DIGIT:
        shown = code[:6] + "…" if fault == reasons.PERSONAL_NUMBER else code
        raise Misuse(
            _("{code} cannot be confirmed: {why}").format(code=shown, why=_(fault)),
            _("only a code whose check character alone is wrong can be confirmed"),
        )
    if not confirmed and code not in list_confirmed_codes(home):
        raise Misuse(_("the code {code} was not confirmed").format(code=code))
    word = CodeDecision(
        code=code,
        confirmed=confirmed,
        who=who.strip(),
        why=why.strip(),
        day=as_of.isoformat(),
        at=at,
    )
    manual_decisions.append_decision(home, "confirmed_codes", "confirm-code", word)
    return code


def read_confirmations(home: Home) -> list[CodeDecision]:
    """All decisions, in their order; DoubleRandomError if a line is damaged."""
    return manual_decisions.read_decisions(home, "confirmed_codes", CodeDecision)


def list_confirmed_codes(home: Home) -> frozenset[str]:
    """The presently confirmed codes."""
    latest = {word.code: word.confirmed for word in read_confirmations(home)}
    return frozenset(code for code, confirmed in latest.items() if confirmed)


def load_home_layouts(home: Home) -> tuple[Layout, ...]:
    """The layouts for a bureau's files: its own and the shipped ones, with its confirmed codes."""
    from double_random.intake.layouts import load_layouts

    return load_layouts(home.facts("layouts"), home.fact_file, list_confirmed_codes(home))
