"""The roots of the registers in the log: a firm proves its own row, and an operator who alters it is caught by it.

A leaf holds what a plan uses of a row, and a salt that its subject alone gets. Salts follow from one secret of the
home, the release and the row's id, so nothing has to be kept for each row.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.protocol.text import clean_name, is_hex
from double_random.inspection.protocol.v2.row_proofs import (
    build_register_leaves,
    compute_register_root,
)
from double_random.store import durable_files

if TYPE_CHECKING:
    import polars

    from double_random.store.home_folder import HomeFolder
    from double_random.store.releases import Release

SECRET = "registers.secret"  # in HOME/keys/, for its owner alone

Rows = Mapping[str, Mapping[str, str]]


def describe_release(home: HomeFolder, release: Release) -> dict[str, Any]:
    """What every log entry about a release says of it: its hash, and the roots of its registers."""
    return {"release": release.hash, "registers": compute_roots(home, release)}


def compute_roots(home: HomeFolder, release: Release) -> dict[str, dict[str, Any]]:
    """What a log entry says of a release: rows and root of each register that it has."""
    found: dict[str, dict[str, Any]] = {}
    if not release.has("institutions"):
        return found
    for name, rows in read_registers(home, release, find_register_day(release)).items():
        root = compute_register_root(build_register_leaves(rows))
        found[name] = {"rows": root.rows, "root": root.root}
    return found


def find_register_day(release: Release) -> date:
    """The day as of which the rows of a release are proven: that of its data."""
    from double_random.registry.institutions.queries import latest_data_day

    return latest_data_day(release)


def read_registers(home: HomeFolder, release: Release, day: date) -> dict[str, Rows]:
    """The rows of each register on a day, by id: what a plan uses of them, with their salts."""
    from double_random.registry.inspectors.roster import load_roster
    from double_random.registry.institutions.queries import institutions_as_of
    from double_random.registry.practitioners.queries import practitioners_as_of

    key = _read_secret(home.log.keys / SECRET)
    common = ("name", "kind", "district", "status")
    tables: dict[str, tuple[polars.DataFrame, tuple[str, ...]]] = {
        "institutions": (institutions_as_of(release, day), common),
        "persons": (practitioners_as_of(release, day), common),
        "inspectors": (
            load_roster(release, day=day),
            ("name", "kinds", "district", "lead", "status"),
        ),
    }
    return {
        name: {
            row["id"]: {
                **{column: _write_cell(row[column]) for column in columns},
                "salt": _find_salt(key, release.hash, name, row["id"]),
            }
            for row in table.select("id", *columns).iter_rows(named=True)
        }
        for name, (table, columns) in tables.items()
        if table.height
    }


def _write_cell(value: object) -> str:
    """A cell as text: a list joined by blanks, a truth as 1 or 0, nothing as the empty text."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list):
        return " ".join(sorted(value))
    return clean_name(str(value)) if value is not None else ""


def _find_salt(key: bytes, release: str, register: str, id: str) -> str:
    text = f"{release}:{register}:{id}".encode()
    return hmac.new(key, text, hashlib.sha256).hexdigest()[:32]


def _read_secret(file: Path) -> bytes:
    """The secret of the salts; the first call makes it."""
    if not file.exists():
        durable_files.write_new_file(file, secrets.token_hex(32).encode(), private=True)
    text = file.read_bytes()
    if not is_hex(text.decode("ascii", "replace"), 64):
        raise BadFile(str(file), _("64 hex digits were expected"), _("restore it from the backup"))
    return text
