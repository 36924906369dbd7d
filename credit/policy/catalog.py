"""The policies of a home: the bureau's own and the shipped ones, by id or by file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _, join_words
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import DEFAULT, Policy

if TYPE_CHECKING:
    from double_random.store.home import Home


def load_policies(home: Home) -> list[Policy]:
    """All policies of a home, the bureau's own before shipped ones of the same file name."""
    return [read_policy(path) for path in home.facts("policies")]


def load_policy(home: Home, id_or_file: str | None = None) -> Policy:
    """The policy with this id or file; without one the settings' `policy`, else the shipped default."""
    name = id_or_file or str(home.settings.get("policy") or DEFAULT)
    if name.endswith(".toml"):
        return read_policy(Path(name))
    exact = home.fact_file("policies", f"{name}.toml")
    if exact.exists():
        return read_policy(exact)
    by_id = {p.id: p for p in load_policies(home)}
    if name not in by_id:
        raise Misuse(
            _("there is no policy {name}").format(name=name),
            _("these are here: {names}").format(names=join_words(sorted(by_id))),
        )
    return by_id[name]
