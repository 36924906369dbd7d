"""The rule in pandas: column by column, no loop over records."""

from __future__ import annotations

from typing import Any

import numpy
import pandas  # type: ignore[import-untyped,import-not-found,unused-ignore]
from given import answer, given  # type: ignore[import-not-found,unused-ignore]


def reckoned(records: Any, rule: dict[str, Any], everybody: Any) -> dict[str, Any]:
    """who points rank."""
    groups: dict[str, Any] = {}
    earlier = {
        family: _earlier(
            records[
                records["sort"].isin(
                    [s for r in rule["rules"] if r["family"] == family for s in r["sorts"]]
                )
            ]
        )
        for family in {r["family"] for r in rule["rules"] if r["repeat"]}
    }
    for one in rule["rules"]:
        part = records[records["sort"].isin(one["sorts"])]
        if part.empty or not one["steps"]:
            continue
        start = part[one["start"]].to_numpy()
        since = [start >= numpy.datetime64(day) for day, _points in one["steps"]]
        points = numpy.select(since, [points for _day, points in one["steps"]], 0)
        if one["repeat"]:
            within, more = one["repeat"]
            ends = part[["who", "decided"]].merge(
                earlier[one["family"]], on=["who", "decided"], how="left"
            )
            day, end = ends["decided"].dt, ends["ended"].dt
            months = (day.year * 12 + day.month) - (end.year * 12 + end.month)
            again = (months - (day.day <= end.day) < within).to_numpy() & (points != 0)
            points = points + numpy.where(again, more, 0)
        sums = pandas.Series(points).groupby(part["who"].to_numpy()).sum()
        if one["cap"] is not None:
            sums = sums.clip(lower=one["cap"]) if one["cap"] < 0 else sums.clip(upper=one["cap"])
        known = groups.get(one["group"])
        groups[one["group"]] = sums if known is None else known.add(sums, fill_value=0)
    total = pandas.Series(rule["base"], index=everybody)
    for name, sums in groups.items():
        cap = rule["groups"].get(name)
        total = total.add(sums if cap is None else sums.clip(lower=cap), fill_value=0)
    total = total.clip(rule["floor"], rule["ceiling"]).astype("int64")
    rank = len(rule["bounds"]) - numpy.searchsorted(
        rule["bounds"][::-1], total.to_numpy(), side="right"
    )
    worst = pandas.Series(rank, index=total.index)
    for veto in rule["vetoes"]:
        hit = records[records["sort"].isin(veto["sorts"]) & (records["decided"] >= veto["since"])]
        whom = hit["who"].unique()
        worst.loc[whom] = numpy.maximum(worst.loc[whom], veto["rank"])
    return {"who": total.index.to_numpy(), "points": total.to_numpy(), "rank": worst.to_numpy()}


def _earlier(part: Any) -> Any:
    """who decided ended: when the last of the records decided before had ended."""
    days = part.groupby(["who", "decided"])["ended"].max()
    return days.groupby(level=0).cummax().groupby(level=0).shift().reset_index()


if __name__ == "__main__":
    table, asked = given()
    frame = table.to_pandas(date_as_object=False)
    answer(lambda: reckoned(frame, asked, range(1, asked["institutions"] + 1)))
