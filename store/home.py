"""A bureau's home folder: all stored data and the settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from double_random.store.home_folder import HomeFolder

if TYPE_CHECKING:
    from double_random.store.releases import Releases


@dataclass(frozen=True)
class Home(HomeFolder):
    """One bureau's folder: releases/, inputs/, draws/, log/, keys/, facts/, public/ and settings.toml."""

    @cached_property
    def releases(self) -> Releases:
        """The releases, made by batch runs."""
        from double_random.store.releases import Releases

        return Releases(self)
