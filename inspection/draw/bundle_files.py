"""The names of a bundle's files: the public ones, those for auditors only, those that a draw adds to its plan."""

from __future__ import annotations

from double_random.inspection.draw import verifier_files

RESULT = ("result.json", "targets.csv", "teams.csv", "list.csv", "certificate.json")
UNBOUND = (
    "unbound_recusals.json"  # only if a supervisor accepted recusals that match no known party
)
RECOUNTED = (*RESULT, UNBOUND, *verifier_files.NAMES)  # what a draw adds to its plan
LOG = ("log.jsonl", "checkpoint", "records.jsonl")  # covered by the log, not by result.json
GRADED = ("strata.json", "frame.csv", "targets.csv")  # these disclose grades
PUBLIC = (
    "plan.json",
    "rules.json",
    "pool.csv",
    "left_out.csv",
    "inspectors.csv",
    "result.json",
    "teams.csv",
    "list.csv",
    *verifier_files.NAMES,
    *LOG,
)
INTERNAL = ("inspectors_left_out.csv", "recusals.csv", "certificate.json", UNBOUND, "inner")
NAMES = frozenset((*PUBLIC, *GRADED, *INTERNAL))
MARKS = frozenset(("plan.json", "result.json", "certificate.json", "log.jsonl", "checkpoint"))
