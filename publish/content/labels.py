"""Labels of codes on the site and in its tables, in the site's language."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from double_random.core.translation import N_, load_catalogue, translate_with
from double_random.core.vocabulary import (
    ACT,
    CHECK,
    RESULT,
    STAGE,
    STANDING,
    STATUS,
    TYPE,
    code_word,
)

if TYPE_CHECKING:
    from double_random.store.home import Home


@dataclass(frozen=True, kw_only=True)
class CodeLabels:
    """Labels of codes. An unknown code is shown unchanged, never hidden."""

    language: str
    say: Callable[[str], str]
    kinds: dict[str, str]
    districts: dict[str, str]
    events: dict[str, str]
    penalties: dict[str, str]
    results: dict[str, str]  # code of data/inspection_results.toml → its Chinese label

    @classmethod
    def load(cls, home: Home, language: str = "zh_CN") -> CodeLabels:
        """Load the labels of a home: its own tables take precedence over the packaged ones."""
        from double_random.registry.institutions.kinds import load_kinds, read_fact_file

        words: gettext.NullTranslations = load_catalogue(language)
        districts = read_fact_file(home.fact_file("districts.toml"))["district"]
        events = read_fact_file(home.fact_file("events.toml"))["event"]
        penalties = read_fact_file(home.fact_file("penalty_kinds.toml"))["kind"]
        results = read_fact_file(home.fact_file("inspection_results.toml"))["kind"]
        return cls(
            language=language,
            say=partial(translate_with, words),
            kinds={kind.code: kind.name(language) for kind in load_kinds(home)},
            districts={row["code"]: row["name"] for row in districts},
            events={row["code"]: row["zh"] for row in events},
            penalties={row["code"]: (row["words"] or [row["code"]])[0] for row in penalties},
            results={row["code"]: (row["words"] or [row["code"]])[0] for row in results},
        )

    def __getstate__(self) -> dict[str, Any]:
        """Pickle without the catalogue, which is loaded again."""
        return {name: value for name, value in vars(self).items() if name != "say"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore the labels and load the catalogue of their language."""
        say = partial(translate_with, load_catalogue(state["language"]))
        vars(self).update(state, say=say)

    def kind(self, code: str) -> str:
        """The label of a kind of institution."""
        return self.kinds.get(code, code) or self.say(N_("kind not known"))

    def order_kinds(self, kinds: Iterable[str]) -> list[str]:
        """Sort kinds in the order of the list of kinds; unknown kinds come last."""
        ranks = {kind: rank for rank, kind in enumerate(self.kinds)}
        return sorted(kinds, key=lambda kind: (ranks.get(kind, len(ranks)), kind))

    def district(self, code: str | None) -> str:
        """The name of a district, or the label for an unknown one."""
        if code:
            return self.districts.get(code, code)
        return self.say(N_("district not known"))

    def status(self, code: str) -> str:
        """The label of an institution's status."""
        return self._look_up(STATUS, code)

    def stage(self, code: str) -> str:
        """The label of a draw's stage."""
        return self._look_up(STAGE, code)

    def act(self, code: str) -> str:
        """The label of a kind of log entry."""
        return self._look_up(ACT, code)

    def event(self, code: str) -> str:
        """The label of a permit event."""
        return self.events.get(code, code)

    def penalty(self, codes: str) -> str:
        """The labels of a penalty's kinds, joined."""
        return "、".join(self.penalties.get(code, code) for code in codes.split())

    def standing(self, code: str) -> str:
        """The label of the state of a drawn institution."""
        return self._look_up(STANDING, code)

    def check(self, code: str) -> str:
        """The label of an inspection's class; "" if its sheet gives none."""
        return self._look_up(CHECK, code) if code else ""

    def type(self, code: str) -> str:
        """The label of a draw's type: from its whole scope (不定向) or by a condition (定向)."""
        return self._look_up(TYPE, code)

    def result(self, codes: str) -> str:
        """The labels of an inspection's results, joined."""
        if self.language == "zh_CN":
            return "、".join(self.results.get(code, code) for code in codes.split())
        return ", ".join(self._look_up(RESULT, code) for code in codes.split())

    def title(self, item: Any) -> str:
        """The title of a class, a field or any other object with `zh` and `en`."""
        return str(item.zh if self.language == "zh_CN" else item.en)

    def _look_up(self, table: dict[str, str], code: str) -> str:
        return code_word(table, code, self.say)


def format_yuan(fen: int) -> str:
    """Format an amount in fen as yuan, exactly: 500000 → 5,000.00."""
    return f"{fen // 100:,}.{fen % 100:02d}"
