"""The display text of groups, ratios and sources of randomness; files and JSON contain the codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from double_random.core.translation import N_, _, noted
from double_random.core.vocabulary import ROUNDING, word

if TYPE_CHECKING:
    from double_random.inspection.planning.items import Share
    from double_random.inspection.protocol.sources import Source
    from double_random.inspection.protocol.strata import Stratum

CLEAN = "/clean"  # suffix of the name of a group of clean institutions

SOURCES = {
    "lottery": N_("{name}, issue {last}"),
    "balls": N_("{last} balls drawn ({name})"),
    "dice": N_("{last} dice thrown ({name})"),
    "drand": N_("drand {name}, round {last}"),
    "local": N_("this computer (no public randomness)"),
}


def group_named(stratum: str, kinds: Mapping[str, str]) -> str:
    """A group (抽取分组) with its kind's name: law_firm/A as 律师事务所/A; the suffix /clean becomes words."""
    group = stratum.removesuffix(CLEAN) if kinds else stratum
    kind, slash, rest = group.partition("/")
    told = kinds.get(kind, kind) + slash + rest
    return told if group == stratum else told + _(" (no problem of late)")


def ratio_named(ratio: tuple[int, int], say: Callable[[str], str] = _) -> str:
    """A ratio in percent if that is a whole number: 1/20 as 5%, 1/3 unchanged."""
    part, whole = ratio
    if part == whole:
        return say(N_("all"))
    return f"{part * 100 // whole}%" if part * 100 % whole == 0 else f"{part}/{whole}"


def stratum_named(stratum: Stratum, kinds: Mapping[str, str]) -> str:
    """A group of a plan: the number of institutions and the share that is drawn."""
    told = _("{group}: {count} institutions, drawn {ratio}").format(
        group=group_named(stratum.stratum, kinds),
        count=stratum.population,
        ratio=ratio_named(stratum.ratio),
    )
    if stratum.minimum and stratum.ratio[0] != stratum.ratio[1]:
        told += _(", at least {count}").format(count=stratum.minimum)
    return noted(told, word(ROUNDING, stratum.rounding))


def share_named(share: Share, kinds: Mapping[str, str], say: Callable[[str], str] = _) -> str:
    """The share of a group that is drawn: group, ratio, and the minimum if there is one."""
    group = group_named(share.group, kinds)
    if share.clean:
        group += say(N_(" (no problem in {years} years)")).format(years=share.clean)
    told = f"{group} {ratio_named(share.ratio, say)}"
    if share.minimum and share.ratio[0] != share.ratio[1]:
        told += say(N_(", at least {count}")).format(count=share.minimum)
    return told


def source_named(source: Source, say: Callable[[str], str] = _) -> str:
    """A source as words instead of its spelling: lottery:快乐8:2026320 as 快乐8 第2026320期."""
    return say(SOURCES[source.kind]).format(name=source.name, last=source.last)
