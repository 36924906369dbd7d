"""Raw inputs, kept under their SHA-256: a release can always be rebuilt from them."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path


def file_sha256(source: Path) -> str:
    """A file's SHA-256, in hex."""
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Inputs:
    """HOME/inputs/: ab/ab12…, each file once, whatever it was called."""

    folder: Path

    def keep(self, source: Path) -> str:
        """Copy a file in under its SHA-256 and return that; a file that is already here is not copied again."""
        digest = file_sha256(source)
        target = self.path(digest)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = target.with_name(f".{target.name}.{os.getpid()}")
            try:
                shutil.copyfile(source, beside)
                os.replace(beside, target)
            finally:
                beside.unlink(missing_ok=True)
        return digest

    def path(self, digest: str) -> Path:
        """The path of the input with this SHA-256."""
        return self.folder / digest[:2] / digest
