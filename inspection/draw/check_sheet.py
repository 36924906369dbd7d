"""CHECK.md of version 2: each step of a check by hand, with the command to run and the expected value."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from string import Template

from double_random import data
from double_random.core.translation import _, current_language
from double_random.inspection.draw.verifier_files import TOOLS
from double_random.inspection.protocol.v2 import PROTOCOL
from double_random.inspection.protocol.v2.draw import Draw
from double_random.inspection.protocol.v2.plan import Plan
from double_random.inspection.protocol.v2.public_sources import parse_entropy

FOLDER = "check_sheets"
BARE, LOGGED, VOID = "bare", "logged", "void"  # without a log, with one, with one and nothing drawn


def render_check_sheet(
    draw: Draw, secret: str, programs: Mapping[str, bytes], form: str = BARE
) -> bytes:
    """The sheet in the current language; `programs`: the verifiers that lie in the bundle."""
    selection = draw.selection
    plan, entropy = selection.plan, selection.entropy
    tool = TOOLS[plan.hash]
    values = parse_entropy(draw.files.sources, entropy)
    sources = "".join(
        f"- `{source.source}={values[source.source]}`  {source.known_from}  {source.published}\n"
        for source in draw.files.sources
    )
    hashed = f"{PROTOCOL}:seed:{plan.commitment}:{entropy}:{secret}"
    return _fill_sheet(
        form,
        plan,
        programs,
        sources=sources,
        hash_secret=f"printf %s {secret} | {tool}",
        sealed=plan.secret,
        hash_seed=f"printf %s {shlex.quote(hashed)} | {tool}",
        seed=draw.seed,
        drawn=len(selection.drawn),
        rows=len(draw.files.frame),
        size=plan.team.size,
        leads=plan.team.leads,
    )


def render_void_sheet(plan: Plan, reason: str, programs: Mapping[str, bytes]) -> bytes:
    """The sheet of a plan that was made void before anything was drawn."""
    return _fill_sheet(VOID, plan, programs, reason=_(reason))


def _fill_sheet(form: str, plan: Plan, programs: Mapping[str, bytes], **values: str | int) -> bytes:
    text = data.path(FOLDER, f"{form}.{current_language()}.md").read_text(encoding="utf-8")
    digest = plan.digest
    return (
        Template(text)
        .substitute(
            draw=plan.draw,
            title=plan.title,
            code=plan.code,
            commitment=plan.commitment,
            tool=TOOLS[plan.hash],
            programs="\n".join(
                f"{digest.hash_bytes(content)}  {name}" for name, content in programs.items()
            ),
            **values,
        )
        .encode()
    )
