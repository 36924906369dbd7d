"""Draws from tables in one call: `double_random.seal(…)` and `double_random.draw(…)` are these functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.bare import input_tables as tables
from double_random.inspection.bare import plan_folder
from double_random.inspection.bare.drawn_bundle import DrawnBundle, draw_plan
from double_random.inspection.bare.rule_file import read_rule
from double_random.inspection.bare.sealed_plan import DrawTables, SealedPlan, seal_plan
from double_random.inspection.bare.source_choice import choose_sources
from double_random.inspection.sources.source_catalogue import load_catalogue

LOCAL = "local"
PUBLIC, AUDITOR = "public", "auditor"

Entropy = str | Iterable[str] | Mapping[str, str]


def seal_tables(
    targets: tables.Rows,
    inspectors: tables.Rows = None,
    *,
    rule: Path | str | Mapping[str, Any],
    entropy: str | Iterable[str] = (),
    recusals: tables.Rows = None,
    not_before: str | None = None,
    catalogue: Path | None = None,
) -> SealedPlan:
    """Seal a plan from tables: give its `code` to somebody outside before the numbers can be known.

    Tables are files (CSV, XLSX), rows as mappings, or frames of Polars or pandas; `rule` is a file or a mapping.
    `entropy` names the sources, as `lottery:快乐8` or `drand:quicknet`; without it those that the rule describes.
    `catalogue` is a file of further sources. BadFile or Misuse says what is wrong, with file, row and column.
    """
    read = read_rule(rule)
    names = [entropy] if isinstance(entropy, str) else list(entropy)
    chosen = choose_sources(load_catalogue(catalogue), names, read.sources, not_before)
    rows = tables.read_targets(
        tables.read_table(targets, "targets", tables.TARGETS, ("id", "name")), read
    )
    people: list[tables.PersonRow] = []
    if inspectors is not None:
        table = tables.read_table(inspectors, "inspectors", tables.INSPECTORS, ("id", "name"))
        people = tables.read_people(table, read)
    pairs: list[tuple[str, str]] = []
    if recusals is not None:
        table = tables.read_table(recusals, "recusals", tables.RECUSALS, tuple(tables.RECUSALS))
        pairs = tables.read_recusals(table, rows, people)
    return seal_plan(read, DrawTables(rows, people, pairs), chosen.rows, chosen.not_before)


def draw_tables(
    targets: tables.Rows = None,
    inspectors: tables.Rows = None,
    *,
    rule: Path | str | Mapping[str, Any] | None = None,
    entropy: Entropy = LOCAL,
    recusals: tables.Rows = None,
    plan: SealedPlan | Path | str | None = None,
    proofs: Mapping[str, str] | None = None,
    folder: Path | str | None = None,
) -> DrawnBundle:
    """Draw from a sealed plan with the values of its sources; or seal and draw at once with the source `local`.

    `plan` is what `seal` gave, or the folder that it was written to; `entropy` then maps each source to its value, or
    lists `SOURCE=VALUE`. `folder`: where plan and bundles are written.
    """
    if plan is None:
        sealed = _seal_locally(targets, inspectors, rule, entropy, recusals)
        values: dict[str, str] = {}
    else:
        if targets is not None or rule is not None:
            raise Misuse(
                _("a sealed plan has its tables and its rule already"),
                _("name the plan alone, or tables and rule without a plan"),
            )
        sealed = plan if isinstance(plan, SealedPlan) else plan_folder.read_plan(Path(plan))
        values = parse_values(entropy)
        if folder is None and not isinstance(plan, SealedPlan):
            folder = plan
    drawn = draw_plan(sealed, values, proofs)
    if folder is not None:
        if not isinstance(plan, str | Path):
            plan_folder.write_plan(Path(folder), sealed)
        write_bundles(Path(folder), drawn)
    return drawn


def parse_values(entropy: Entropy) -> dict[str, str]:
    """The values by source of a mapping, or of texts `SOURCE=VALUE`; Misuse for a text without a value."""
    if isinstance(entropy, Mapping):
        return dict(entropy)
    values = {}
    for text in [entropy] if isinstance(entropy, str) else entropy:
        source, equals, value = text.partition("=")
        if not equals and source != LOCAL:
            raise Misuse(
                _("{source} has no value").format(source=source),
                _("as --entropy '{source}=VALUE'").format(source=source),
            )
        values[source] = value.strip()
    return values


def write_bundles(folder: Path, drawn: DrawnBundle, pack: bool = False) -> tuple[Path, Path]:
    """Write the numbers beside the plan, then the public and the auditor's bundle; returns where these are.

    Misuse if the plan was drawn with other numbers, or has its bundles.
    """
    from double_random.inspection.verification.bundle import write_bundle

    ending = ".zip" if pack else ""
    public, auditor = (folder / f"{name}{ending}" for name in (PUBLIC, AUDITOR))
    plan_folder.keep_numbers(folder, drawn.entropy, drawn.sealed)
    if public.exists() and auditor.exists():
        plan_folder.refuse_second_draw(folder)
    for path, files in ((public, drawn.public_files), (auditor, drawn.auditor_files)):
        if not path.exists():
            write_bundle(files, path, private=path == auditor)
    return public, auditor


def _seal_locally(
    targets: tables.Rows,
    inspectors: tables.Rows,
    rule: Path | str | Mapping[str, Any] | None,
    entropy: Entropy,
    recusals: tables.Rows,
) -> SealedPlan:
    """The plan of a draw at once: only `local` has no value that could be known before it is sealed."""
    names = [entropy] if isinstance(entropy, str) else list(entropy)
    if names != [LOCAL]:
        raise Misuse(
            _("a plan is sealed before its numbers can be known, and drawn after"),
            _("seal it first with the sources alone, then draw from the plan; or use local"),
        )
    if targets is None or rule is None:
        raise Misuse(
            _("a draw needs targets and a rule, or a sealed plan"), _("name them, or the plan")
        )
    return seal_tables(targets, inspectors, rule=rule, entropy=LOCAL, recusals=recusals)
