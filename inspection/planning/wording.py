"""How groups, ratios and sources of randomness are written for people; files and JSON keep their codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from double_random.core.translation import N_, _, noted
from double_random.core.vocabulary import ROUNDING, word

if TYPE_CHECKING:
    from double_random.inspection.planning.items import Share
    from double_random.inspection.protocol.sources import Source
    from double_random.inspection.protocol.strata import Stratum

CLEAN = "/clean"  # the end of the name of a group of clean institutions

SOURCES = {
    "lottery": N_("{name}, issue {last}"),
    "balls": N_("{last} balls drawn ({name})"),
    "dice": N_("{last} dice thrown ({name})"),
    "drand": N_("drand {name}, round {last}"),
    "local": N_("this computer (no public randomness)"),
}


def group_named(stratum: str, kinds: Mapping[str, str]) -> str:
    """A group (抽取分组) by its kind's name: law_firm/A as 律师事务所/A, its clean ones told apart in words."""
    group = stratum.removesuffix(CLEAN) if kinds else stratum
    kind, slash, rest = group.partition("/")
    told = kinds.get(kind, kind) + slash + rest
    return told if group == stratum else told + _(" (no problem of late)")


def ratio_named(ratio: tuple[int, int], say: Callable[[str], str] = _) -> str:
    """A ratio in whole percent where it has one: 1/20 as 5%, 1/3 as it is."""
    part, whole = ratio
    if part == whole:
        return say(N_("all"))
    return f"{part * 100 // whole}%" if part * 100 % whole == 0 else f"{part}/{whole}"


def stratum_named(stratum: Stratum, kinds: Mapping[str, str]) -> str:
    """A group of a plan: how many institutions, and how many of them are drawn."""
    told = _("{group}: {count} institutions, drawn {ratio}").format(
        group=group_named(stratum.stratum, kinds),
        count=stratum.population,
        ratio=ratio_named(stratum.ratio),
    )
    if stratum.minimum and stratum.ratio[0] != stratum.ratio[1]:
        told += _(", at least {count}").format(count=stratum.minimum)
    return noted(told, word(ROUNDING, stratum.rounding))


def share_named(share: Share, kinds: Mapping[str, str], say: Callable[[str], str] = _) -> str:
    """How many of a group are drawn: group, ratio, and the least number where there is one."""
    group = group_named(share.group, kinds)
    if share.clean:
        group += say(N_(" (no problem in {years} years)")).format(years=share.clean)
    told = f"{group} {ratio_named(share.ratio, say)}"
    if share.minimum and share.ratio[0] != share.ratio[1]:
        told += say(N_(", at least {count}")).format(count=share.minimum)
    return told


def source_named(source: Source, say: Callable[[str], str] = _) -> str:
    """A source without the marks of its spelling: lottery:快乐8:2026320 as 快乐8 第2026320期."""
    return say(SOURCES[source.kind]).format(name=source.name, last=source.last)
