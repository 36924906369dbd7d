"""Districts (区): found by name in an address or in an office's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from double_random.registry.institutions.kinds import read_fact_file

if TYPE_CHECKING:
    import polars

    from double_random.store.home import Home

# The labels of an institution's address in a permit; 住址, 收件地址, 家庭地址 are a person's.
ADDRESS = (
    r"(?:^|[\s;；,，。、:：(（])(?:机构|执业|办公|注册|变更后的?|新)?(?:住所|地址|执业场所)"
    r"\s*[:：]\s*([^;；\r\n]+)"
)


def load_districts(home: Home) -> dict[str, str]:
    """Name → six-digit code of GB/T 2260; names of former districts lead to today's.

    A district that is not in the bureau's own list is found only together with its city's name: 上海市嘉定县.
    """
    own = {
        name: row["code"]
        for row in read_fact_file(home.fact_file("districts.toml"))["district"]
        for name in (row["name"], *row.get("former", ()))
    }
    codes = set(own.values())
    codes_by_name: dict[str, str] = {}
    for row in read_fact_file(home.fact_file("former_districts.toml"))["former"]:
        if row["now"] in codes:
            codes_by_name[row["name"]] = row["now"]
        else:
            codes_by_name |= {
                row["city"] + name: row["now"] for name in (row["name"], row["district"])
            }
    return codes_by_name | own


def load_district_names(home: Home) -> dict[str, str]:
    """Code → today's name."""
    return {
        row["code"]: row["name"]
        for row in read_fact_file(home.fact_file("districts.toml"))["district"]
    }


def district_expression(column: str, names: dict[str, str]) -> polars.Expr:
    """The code of the first district that is named in a column of text; null if none is."""
    import polars

    longest_first = sorted(names, key=lambda name: (-len(name), name))
    pattern = "(" + "|".join(re.escape(name) for name in longest_first) + ")"
    return polars.col(column).str.extract(pattern).replace_strict(names, default=None)


def address_expression(content: str) -> polars.Expr:
    """The address that a permit's content states after 住所: and the like; null if it states none."""
    import polars

    return polars.col(content).str.extract(ADDRESS).str.strip_chars()
