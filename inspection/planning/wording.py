"""The display text of groups, ratios and sources of randomness; files and JSON contain the codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from double_random.core.translation import N_, _, append_note
from double_random.core.vocabulary import ROUNDING, code_word

if TYPE_CHECKING:
    from double_random.inspection.draw.versions import Source
    from double_random.inspection.planning.items import Share
    from double_random.inspection.protocol.strata import Stratum

CLEAN = "/clean"  # suffix of the name of a group of clean institutions


def format_group(stratum: str, kinds: Mapping[str, str]) -> str:
    """A group (抽取分组) with its kind's name: law_firm/A as 律师事务所/A; the suffix /clean becomes words."""
    group = stratum.removesuffix(CLEAN) if kinds else stratum
    kind, slash, rest = group.partition("/")
    group_name = kinds.get(kind, kind) + slash + rest
    return group_name if group == stratum else group_name + _(" (no problem of late)")


def format_ratio(ratio: tuple[int, int], say: Callable[[str], str] = _) -> str:
    """A ratio in percent if that is a whole number: 1/20 as 5%, 1/3 unchanged."""
    part, total = ratio
    if part == total:
        return say(N_("all"))
    return f"{part * 100 // total}%" if part * 100 % total == 0 else f"{part}/{total}"


def format_stratum(stratum: Stratum, kinds: Mapping[str, str]) -> str:
    """A group of a plan: the number of institutions and the share that is drawn."""
    text = _("{group}: {count} institutions, drawn {ratio}").format(
        group=format_group(stratum.stratum, kinds),
        count=stratum.population,
        ratio=format_ratio(stratum.ratio),
    )
    if stratum.minimum and stratum.ratio[0] != stratum.ratio[1]:
        text += _(", at least {count}").format(count=stratum.minimum)
    return append_note(text, code_word(ROUNDING, stratum.rounding))


def format_share(share: Share, kinds: Mapping[str, str], say: Callable[[str], str] = _) -> str:
    """The share of a group that is drawn: group, ratio, and the minimum if there is one."""
    group = format_group(share.group, kinds)
    if share.clean:
        group += say(N_(" (no problem in {years} years)")).format(years=share.clean)
    text = f"{group} {format_ratio(share.ratio, say)}"
    if share.minimum and share.ratio[0] != share.ratio[1]:
        text += say(N_(", at least {count}")).format(count=share.minimum)
    return text


def format_source(source: Source, say: Callable[[str], str] = _) -> str:
    """A source as words instead of its spelling: lottery:快乐8:2026320 as 快乐8 第2026320期."""
    return say(source.words).format(name=source.name, last=source.last)
