"""The rule on zen-engine: what a record costs is a decision table, one call an institution over all its records.

Repeats, caps and vetoes go across records, which its tables cannot say: they are added up in Python.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import zen  # type: ignore[import-untyped,import-not-found,unused-ignore]
from given import answer, given  # type: ignore[import-not-found,unused-ignore]


def number(day: Any) -> int:
    """A day as a number that a table can compare: 20161231."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return int(day.year * 10000 + day.month * 100 + day.day)


def table(rule: dict[str, Any]) -> str:
    """The decision: rule and points of each record; the first line that fits."""
    lines = []
    for no, one in enumerate(rule["rules"]):
        field = "d" if one["start"] == "decided" else "e"
        for sort in one["sorts"]:
            for day, points in [*one["steps"], ("0001-01-01", 0)]:
                bounds = {"d": "", "e": "", field: f">= {number(day)}"}
                lines.append(
                    {
                        "_id": str(len(lines)),
                        "s": str(sort),
                        **bounds,
                        "r": str(no),
                        "p": str(points),
                    }
                )
    lines.append({"_id": "none", "s": "", "d": "", "e": "", "r": "-1", "p": "0"})
    content = {
        "hitPolicy": "first",
        "executionMode": "loop",
        "inputField": "records",
        "outputPath": "priced",
        "inputs": [
            {"id": x, "name": f, "field": f}
            for x, f in (("s", "sort"), ("d", "decided"), ("e", "ended"))
        ],
        "outputs": [{"id": x, "name": f, "field": f} for x, f in (("r", "rule"), ("p", "points"))],
        "rules": lines,
    }
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {
            "id": "t",
            "type": "decisionTableNode",
            "name": "t",
            "position": place,
            "content": content,
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "t", "type": "edge"},
        {"id": "2", "sourceId": "t", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})


def reckoned(
    decision: Any, whose: dict[int, list[dict[str, int]]], rule: dict[str, Any]
) -> dict[str, Any]:
    """who points rank."""
    since = [number(veto["since"]) for veto in rule["vetoes"]]
    found: dict[str, list[int]] = {"who": [], "points": [], "rank": []}
    for who, records in whose.items():
        priced = decision.evaluate({"records": records})["result"]["priced"] if records else []
        sums = [0] * len(rule["rules"])
        ends: dict[str, int] = {}
        waiting: dict[str, tuple[int, int]] = {}
        for record, line in zip(records, priced, strict=True):  # in the order of their days
            no, points = line["rule"], line["points"]
            if no < 0:
                continue
            one = rule["rules"][no]
            if one["repeat"] or one["family"]:
                family = one["family"]
                day, last = waiting.get(family, (0, 0))
                if record["decided"] > day:
                    ends[family] = max(ends.get(family, 0), last)
                    last = 0
                end = ends.get(family, 0)
                if (
                    one["repeat"]
                    and points
                    and end
                    and _months(record["decided"], end) < one["repeat"][0]
                ):
                    points += one["repeat"][1]
                waiting[family] = (record["decided"], max(last, record["ended"]))
            sums[no] += points
        groups: dict[str, int] = {}
        for one, points in zip(rule["rules"], sums, strict=True):
            if one["cap"] is not None:
                points = max(points, one["cap"]) if one["cap"] < 0 else min(points, one["cap"])
            groups[one["group"]] = groups.get(one["group"], 0) + points
        total = rule["base"]
        for name, points in groups.items():
            cap = rule["groups"].get(name)
            total += points if cap is None else max(points, cap)
        total = min(max(total, rule["floor"]), rule["ceiling"])
        rank = sum(total < bound for bound in rule["bounds"])
        for veto, day in zip(rule["vetoes"], since, strict=True):
            if any(r["sort"] in veto["sorts"] and r["decided"] >= day for r in records):
                rank = max(rank, veto["rank"])
        for key, value in (("who", who), ("points", total), ("rank", rank)):
            found[key].append(value)
    return found


def _months(day: int, end: int) -> int:
    months = (day // 10000 * 12 + day // 100 % 100) - (end // 10000 * 12 + end // 100 % 100)
    return months - (day % 100 <= end % 100)


def main() -> None:
    """Records as JSON objects by institution, in the order of their days; then the engine."""
    records, rule = given()
    whose: dict[int, list[dict[str, int]]] = {who: [] for who in range(1, rule["institutions"] + 1)}
    for row in records.sort_by([("who", "ascending"), ("decided", "ascending")]).to_pylist():
        one = {
            "sort": row["sort"],
            "decided": number(row["decided"]),
            "ended": number(row["ended"]),
        }
        whose[row["who"]].append(one)
    decision = zen.ZenEngine().create_decision(table(rule))
    answer(lambda: reckoned(decision, whose, rule))


if __name__ == "__main__":
    main()
