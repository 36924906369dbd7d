"""Files for checking a draw without this program: verify.py, verify.html, and CHECK.md for checks by hand."""

from __future__ import annotations

import shlex
from string import Template
from typing import TYPE_CHECKING

from double_random import data

if TYPE_CHECKING:
    from double_random.inspection.protocol.draw import Draw

PROGRAMS = ("verify.html", "verify.py")
SHEET = "CHECK.md"
NAMES = (SHEET, *PROGRAMS)
TOOLS = {"sha256": "sha256sum", "sm3": "openssl dgst -sm3 -r"}


def build_verifier_files(draw: Draw, secret: str) -> dict[str, bytes]:
    """The files by name, as the draw's bundles contain them; the result contains their hashes."""
    programs = read_programs()
    return {**programs, SHEET: render_check_sheet(draw, secret, programs).encode()}


def read_programs() -> dict[str, bytes]:
    """The shipped verifiers by name."""
    return {name: read_program(name) for name in PROGRAMS}


def read_program(name: str) -> bytes:
    """A shipped verifier's bytes."""
    return data.path("verifiers", name).read_bytes()


def render_check_sheet(draw: Draw, secret: str, programs: dict[str, bytes]) -> str:
    """CHECK.md for this draw: each step with the command to run and the expected value."""
    plan, entropy = draw.selection.plan, draw.selection.entropy
    tool = TOOLS[plan.hash]
    hashed = f"double-random/1:seed:{plan.commitment}:{entropy}:{secret}"
    digest = plan.digest
    text = data.path("verifiers", SHEET).read_text(encoding="utf-8")
    return Template(text).substitute(
        draw=plan.draw,
        title=plan.title,
        code=plan.code,
        commitment=plan.commitment,
        tool=tool,
        hash_plan=f"{tool} plan.json",
        hash_files=f"{tool} *.csv *.json",
        hash_result=f"{tool} result.json",
        sources="".join(f"- `{line}`\n" for line in entropy.split("\n")),
        hash_secret=f"printf %s {secret} | {tool}",
        sealed=plan.secret,
        hash_seed=f"printf %s {shlex.quote(hashed)} | {tool}",
        seed=draw.seed,
        size=plan.team.size,
        leads=plan.team.leads,
        programs="\n".join(f"{digest.hash_bytes(programs[name])}  {name}" for name in PROGRAMS),
    )
