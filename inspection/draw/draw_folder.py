"""A draw's folder, HOME/draws/DRAW/: the frozen plan, and subfolders for the secrets, the result, the records."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.core.translation import _, join_words
from double_random.inspection.draw import versions
from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.draw.inspector_numbers import FILE as BADGES
from double_random.inspection.draw.versions import Plan, Source
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.v2.plan import FILES
from double_random.store import durable_files, permissions

if TYPE_CHECKING:
    from double_random.store.home import Home

SEALED = "sealed"  # mode 0700 until the draw has ended: secret and inner
RESULT = "result"  # mode 0700 until the draw has ended: result.json contains the secret
RECORDS = "records"  # one file per record, named by its number
APART = "apart.json"  # the reason of each pair of recusals.csv; it is not published


def is_sealed(home: Home, draw: str) -> bool:
    """Does the log contain a plan of this draw?"""
    return any(entry["kind"] == "plan" and entry["draw"] == draw for entry in home.log.entries())


def discard_plan(home: Home, draw: str) -> None:
    """Remove an unsealed plan; Misuse if there is none, or if the log contains it."""
    folder = DrawFolder.find(home, draw)
    with home.log.hold():
        if is_sealed(home, draw):
            raise Misuse(
                _("the plan of {draw} is sealed: it stays, and ends published or void").format(
                    draw=draw
                ),
                _("to end it: double-random inspection void {draw} --reason REASON").format(
                    draw=draw
                ),
            )
        beside = home.path / f".former-{draw}.{os.getpid()}"
        os.rename(folder.path, beside)
    shutil.rmtree(beside)


@dataclass(frozen=True)
class DrawFolder:
    """The files of one draw. The draw's state is in the log, not in the folder."""

    path: Path

    @classmethod
    def find(cls, home: Home, draw: str) -> DrawFolder:
        """The folder of a draw; Misuse if there is none."""
        folder = cls(home.draws / draw)
        if draw in ("", ".", "..") or "/" in draw or not (folder.path / "plan.json").exists():
            known_draws = sorted(
                plan_file.parent.name for plan_file in home.draws.glob("*/plan.json")
            )
            if is_sealed(home, draw):
                raise DoubleRandomError(
                    _("{file} is missing").format(file=folder.path / "plan.json"),
                    lost_hint(draw),
                )
            raise Misuse(
                _("there is no draw {name}").format(name=draw),
                _("these are here: {names}").format(names=join_words(known_draws))
                if known_draws
                else _("plan one first: double-random inspection plan ITEM …"),
            )
        return folder

    @classmethod
    def create(
        cls,
        home: Home,
        draw: str,
        plan: bytes,
        files: dict[str, bytes],
        badges: dict[str, str],
        secret: str,
        inner: str,
        apart: Sequence[tuple[str, str, str]] = (),
    ) -> DrawFolder:
        """Write a new plan completely or not at all; only the owner can read the secrets."""
        beside = home.path / f".plan-{draw}.{os.getpid()}"  # moved to the draws once it is complete
        former = home.path / f".former-{draw}.{os.getpid()}"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700, parents=True)
        try:
            (beside / SEALED).mkdir(mode=0o700)
            durable_files.write_new_file(beside / SEALED / "secret", secret.encode(), private=True)
            durable_files.write_new_file(beside / SEALED / "inner", inner.encode(), private=True)
            inside = {
                BADGES: canonical_json.dump_canonical(badges),
                APART: canonical_json.dump_canonical([list(row) for row in apart]),
                "plan.json": plan,
            }
            beside.chmod(permissions.FOLDER)
            for name, content in {**files, **inside}.items():
                durable_files.write_new_file(beside / name, content)
            with home.log.hold():  # so that nobody seals the replaced plan meanwhile
                if (home.draws / draw).exists() and not is_sealed(home, draw):
                    os.rename(home.draws / draw, former)
                try:
                    os.rename(beside, home.draws / draw)
                except OSError:
                    if (home.draws / draw).exists():
                        raise Misuse(
                            _("there is a draw {name} already").format(name=draw)
                        ) from None
                    if former.exists():
                        os.rename(former, home.draws / draw)
                    raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)
            shutil.rmtree(former, ignore_errors=True)
        durable_files.sync_path(home.draws)
        return cls.find(home, draw)

    @property
    def plan_bytes(self) -> bytes:
        """The bytes of plan.json."""
        return (self.path / "plan.json").read_bytes()

    def read_plan(self) -> Plan:
        """Read plan.json; BadFile if it is damaged."""
        return versions.read_plan(self.plan_bytes)

    def read_files(self) -> dict[str, bytes]:
        """The plan's files by name."""
        return {name: self._read_file(name) for name in versions.frozen_names(self.read_plan())}

    def read_sources(self) -> tuple[Source, ...]:
        """The plan's sources; BadFile if a file is damaged."""
        return versions.read_sources(self.read_plan(), self.read_files())

    @property
    def secret(self) -> str:
        """The sealed secret (封存随机数)."""
        return self._read_file(f"{SEALED}/secret").decode("ascii", "replace")

    @property
    def inner(self) -> str:
        """The second secret. It is not published, so that teams disclose no recusal."""
        return self._read_file(f"{SEALED}/inner").decode("ascii", "replace")

    def read_badges(self) -> dict[str, str]:
        """Certificate number (执法证号) → number in this plan; not published. BadFile if it is damaged."""
        badges = canonical_json.load_canonical(self._read_file(BADGES), BADGES)
        rows = self._read_file("inspectors.csv").decode("utf-8", "replace").splitlines()[1:]
        numbers = {row.split(",", 1)[0] for row in rows}
        if not isinstance(badges, dict) or not numbers <= set(map(str, badges.values())):
            raise BadFile(
                BADGES,
                _("it does not name all inspectors of the plan"),
                _("restore it from the backup"),
            )
        return badges

    def read_exclusions(self) -> list[tuple[str, str, str]]:
        """Each recusal as target, inspector, reason (declared or rotation); empty if the file is missing."""
        if not (self.path / APART).exists():
            return []
        apart = canonical_json.load_canonical(self._read_file(APART), APART)
        if not isinstance(apart, list) or not all(
            isinstance(row, list) and len(row) == 3 for row in apart
        ):
            raise BadFile(
                APART,
                _("it lists no target, inspector and reason"),
                _("restore it from the backup"),
            )
        return [(target, inspector, why) for target, inspector, why in apart]

    def read_unbound(self) -> list[str]:
        """The accepted recusals that match no known party, one line each."""
        if not (self.path / UNBOUND).exists():
            return []
        lines = canonical_json.load_canonical(self._read_file(UNBOUND), UNBOUND)
        return [*dict.fromkeys(str(line) for line in lines)]

    def read_proofs(self) -> dict[str, str]:
        """The proofs of the sources' values (the signature of a drand round), by source."""
        file = self.path / "proofs.json"
        return (
            dict(canonical_json.load_canonical(file.read_bytes(), str(file)))
            if file.exists()
            else {}
        )

    def keep_proof(self, source: str, proof: str) -> None:
        """Store a source's proof for the result; an empty one removes that of a value entered before."""
        kept = self.read_proofs()
        proofs = {name: text for name, text in {**kept, source: proof}.items() if text}
        if proofs != kept:
            content = canonical_json.dump_canonical(proofs)
            durable_files.replace_file(self.path / "proofs.json", content)

    def keep_result(self, files: dict[str, bytes]) -> None:
        """Write the result's files; a repeated run writes the same bytes."""
        folder = self.path / RESULT
        folder.mkdir(mode=0o700, exist_ok=True)
        for name, content in files.items():
            durable_files.replace_file(folder / name, content, private=True)

    def open_to_group(self) -> None:
        """Let the group read all files: the draw has ended, and its secret is public."""
        for folder in (self.path / SEALED, self.path / RESULT):
            if folder.is_dir():
                folder.chmod(permissions.FOLDER)
                for file in folder.iterdir():
                    file.chmod(permissions.FILE)

    def read_result(self) -> dict[str, bytes]:
        """The result's files by name; empty before the draw."""
        folder = self.path / RESULT
        if not folder.is_dir():
            return {}
        return {
            file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.name[0] != "."
        }

    def keep_record(self, seq: int, record: bytes) -> None:
        """Write a record before its log entry; it overwrites a record without entry from a killed run."""
        folder = self.path / RECORDS
        folder.mkdir(mode=permissions.FOLDER, exist_ok=True)
        durable_files.replace_file(folder / f"{seq:06d}.json", record)

    def read_record(self, seq: int) -> bytes:
        """The record of a replacement or substitution, by its number from 1."""
        return self._read_file(f"{RECORDS}/{seq:06d}.json")

    def _read_file(self, name: str) -> bytes:
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            raise DoubleRandomError(
                _("{file} is missing").format(file=self.path / name),
                lost_hint(self.path.name)
                if name in FILES or name.startswith(f"{SEALED}/")
                else _("restore it from the backup"),
            ) from None


def lost_hint(draw: str) -> str:
    """The hint for a draw that lacks a file that cannot be recomputed."""
    return _(
        "restore it from the backup; if it is lost for good: double-random inspection void {draw} --reason lost"
    ).format(draw=draw)
