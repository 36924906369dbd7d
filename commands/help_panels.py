"""The headings on the help page of a large group, each with its commands."""

from __future__ import annotations

from double_random.core.translation import N_, _

PANELS = {
    "inspection": (
        (
            N_("Planning"),
            (
                "new",
                "do",
                "items",
                "year-plan",
                "task",
                "sources",
                "preview",
                "plan",
                "odds",
                "discard",
            ),
        ),
        (
            N_("Drawing"),
            ("commit", "entropy", "draw", "attest", "publish", "void", "replace", "substitute"),
        ),
        (
            N_("Visits and results"),
            (
                *("show", "open", "due", "forms", "paper", "targets", "join", "results", "record"),
                *("take-back", "triggered", "to-credit"),
            ),
        ),
        (N_("Verification"), ("bundle", "proof", "explain", "check-notice", "reconcile")),
        (N_("Other"), ("report", "lint")),
    ),
    "credit": (
        (N_("Records and scores"), ("load", "score", "list", "show", "explain", "report")),
        (N_("Repair and objection"), ("notify", "objection", "repair")),
        (N_("Analysis"), ("trend", "what-if", "measures", "backtest")),
        (N_("Policies"), ("policies", "compare")),
    ),
}


def panels_of_group(group: str, names: list[str]) -> list[tuple[str, list[str]]]:
    """The headings of a group's help page with their commands; one heading for all if it has no panels."""
    panels = PANELS.get(group)
    if panels is None:
        return [(_("Commands"), names)]
    return [
        (_(title), [member for member in members if member in names]) for title, members in panels
    ]
