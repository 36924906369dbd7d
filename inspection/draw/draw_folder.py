"""A draw's folder, HOME/draws/DRAW/: the frozen plan at its top, the secrets apart, the result when there is one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.core.translation import _, listed
from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.draw.inspector_numbers import FILE as BADGES
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.plan import FILES, Plan
from double_random.store import durable_files, permissions

if TYPE_CHECKING:
    from double_random.store.home import Home

SEALED = "sealed"  # mode 0700 until the draw has ended: secret and inner
RESULT = "result"  # mode 0700 until then: the secret stands in result.json
RECORDS = "records"  # one file each, numbered as in the record
APART = "apart.json"  # why each pair of recusals.csv is kept apart; it stays in the bureau


def is_sealed(home: Home, draw: str) -> bool:
    """Does the log know a plan of this draw?"""
    return any(entry["kind"] == "plan" and entry["draw"] == draw for entry in home.log.entries())


def discard(home: Home, draw: str) -> None:
    """Remove a plan that was never sealed; Misuse where there is none, or where the log knows it."""
    folder = Folder.of(home, draw)
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
class Folder:
    """Where one draw's files lie. What happened to the draw stands in the log, not here."""

    path: Path

    @classmethod
    def of(cls, home: Home, draw: str) -> Folder:
        """The folder of a draw; Misuse where there is none."""
        folder = cls(home.draws / draw)
        if draw in ("", ".", "..") or "/" in draw or not (folder.path / "plan.json").exists():
            known = sorted(found.parent.name for found in home.draws.glob("*/plan.json"))
            if is_sealed(home, draw):
                raise DoubleRandomError(
                    _("{file} is missing").format(file=folder.path / "plan.json"),
                    lost_hint(draw),
                )
            raise Misuse(
                _("there is no draw {name}").format(name=draw),
                _("these are here: {names}").format(names=listed(known))
                if known
                else _("plan one first: double-random inspection plan ITEM …"),
            )
        return folder

    @classmethod
    def make(
        cls,
        home: Home,
        draw: str,
        plan: bytes,
        files: dict[str, bytes],
        badges: dict[str, str],
        secret: str,
        inner: str,
        apart: Sequence[tuple[str, str, str]] = (),
    ) -> Folder:
        """Write a new plan whole, or not at all; the secrets are readable by their owner alone."""
        beside = home.path / f".plan-{draw}.{os.getpid()}"  # not among the draws before it is whole
        former = home.path / f".former-{draw}.{os.getpid()}"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700, parents=True)
        try:
            (beside / SEALED).mkdir(mode=0o700)
            durable_files.once(beside / SEALED / "secret", secret.encode(), private=True)
            durable_files.once(beside / SEALED / "inner", inner.encode(), private=True)
            inside = {
                BADGES: canonical_json.dump(badges),
                APART: canonical_json.dump([list(one) for one in apart]),
                "plan.json": plan,
            }
            beside.chmod(permissions.FOLDER)
            for name, content in {**files, **inside}.items():
                durable_files.once(beside / name, content)
            with home.log.hold():  # nobody seals meanwhile the plan that goes
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
        durable_files.sync(home.draws)
        return cls.of(home, draw)

    @property
    def plan_bytes(self) -> bytes:
        """plan.json as it is."""
        return (self.path / "plan.json").read_bytes()

    def plan(self) -> Plan:
        """plan.json, read; BadFile where it is damaged."""
        return Plan.read(self.plan_bytes)

    def files(self) -> dict[str, bytes]:
        """The plan's files by name."""
        return {name: self._read(name) for name in FILES}

    @property
    def secret(self) -> str:
        """The sealed secret (封存随机数)."""
        return self._read(f"{SEALED}/secret").decode("ascii", "replace")

    @property
    def inner(self) -> str:
        """The second secret: it stays inside, so that teams betray no recusal."""
        return self._read(f"{SEALED}/inner").decode("ascii", "replace")

    def badges(self) -> dict[str, str]:
        """Certificate number (执法证号) → number in this plan: it stays inside. BadFile where it is damaged."""
        badges = canonical_json.load(self._read(BADGES), BADGES)
        rows = self._read("inspectors.csv").decode("utf-8", "replace").splitlines()[1:]
        numbers = {row.split(",", 1)[0] for row in rows}
        if not isinstance(badges, dict) or not numbers <= set(map(str, badges.values())):
            raise BadFile(
                BADGES,
                _("it does not name all inspectors of the plan"),
                _("restore it from the backup"),
            )
        return badges

    def apart(self) -> list[tuple[str, str, str]]:
        """Each recusal as target, inspector, why: declared or rotation; none in folders of before there was one."""
        if not (self.path / APART).exists():
            return []
        apart = canonical_json.load(self._read(APART), APART)
        if not isinstance(apart, list) or not all(
            isinstance(one, list) and len(one) == 3 for one in apart
        ):
            raise BadFile(
                APART,
                _("it lists no target, inspector and reason"),
                _("restore it from the backup"),
            )
        return [(target, inspector, why) for target, inspector, why in apart]

    def unbound(self) -> list[str]:
        """The recusals that a person accepted though they name nobody known, one line each."""
        if not (self.path / UNBOUND).exists():
            return []
        lines = canonical_json.load(self._read(UNBOUND), UNBOUND)
        return [*dict.fromkeys(str(one) for one in lines)]

    def proofs(self) -> dict[str, str]:
        """What came with a source's value as its proof (a drand round's signature), by source."""
        file = self.path / "proofs.json"
        return dict(canonical_json.load(file.read_bytes(), str(file))) if file.exists() else {}

    def keep_proof(self, source: str, proof: str) -> None:
        """Keep a source's proof for the result."""
        durable_files.replace(
            self.path / "proofs.json", canonical_json.dump({**self.proofs(), source: proof})
        )

    def keep_result(self, files: dict[str, bytes]) -> None:
        """Write the result's files; they are the same bytes if a killed run wrote them before."""
        folder = self.path / RESULT
        folder.mkdir(mode=0o700, exist_ok=True)
        for name, content in files.items():
            durable_files.replace(folder / name, content, private=True)

    def open_to_group(self) -> None:
        """Let the group read all of it: the draw has ended, and its secret is public."""
        for folder in (self.path / SEALED, self.path / RESULT):
            if folder.is_dir():
                folder.chmod(permissions.FOLDER)
                for file in folder.iterdir():
                    file.chmod(permissions.FILE)

    def result(self) -> dict[str, bytes]:
        """The result's files by name; nothing before the draw."""
        folder = self.path / RESULT
        if not folder.is_dir():
            return {}
        return {
            file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.name[0] != "."
        }

    def keep_record(self, seq: int, record: bytes) -> None:
        """Write a record before the log names it: one that a killed run left unnamed is written over."""
        folder = self.path / RECORDS
        folder.mkdir(mode=permissions.FOLDER, exist_ok=True)
        durable_files.replace(folder / f"{seq:06d}.json", record)

    def record(self, seq: int) -> bytes:
        """The record of a replacement or substitution, by its number from 1."""
        return self._read(f"{RECORDS}/{seq:06d}.json")

    def _read(self, name: str) -> bytes:
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
    """What to do where a draw lacks what nothing can give back."""
    return _(
        "restore it from the backup; if it is lost for good: double-random inspection void {draw} --reason lost"
    ).format(draw=draw)
