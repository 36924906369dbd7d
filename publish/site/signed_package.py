"""The signed package (封装包): one edition as one signed file, for transfer by disc or gateway to the public server.

A ZIP: `seal.json` (edition, number of files and bytes, SHA-256 of SHA256SUMS), `seal.sig` (Ed25519 by the log's key
over seal.json), `site/…`. The receiver trusts nothing before the signature is verified: the seal authenticates
SHA256SUMS, and SHA256SUMS authenticates names and contents.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import BadFile, Misuse, Stopped
from double_random.core.translation import _
from double_random.publish.disclosure.output_checks import LISTING, proofread_folder
from double_random.publish.site import atomic_switch
from double_random.publish.site.build import check_site
from double_random.store import durable_files, output_files
from double_random.store.locks import hold_lock
from double_random.store.log.checkpoint import PublicKey
from double_random.store.permissions import public_umask

if TYPE_CHECKING:
    from double_random.store.home import Home

PREFIX = b"double-random site\n"  # domain separation from the key's other signatures
KEY, APPLIED = "trusted.pub", "applied.json"
_PATH = re.compile(r"[0-9A-Za-z_\-]+(?:[./][0-9A-Za-z_\-]+)*")
_LARGEST_SEAL = 10_000


@dataclass(frozen=True, kw_only=True)
class PackageSeal:
    """The signed description of a package. `log` and `edition` only grow and so identify an older package."""

    log: int  # number of log entries in the edition
    edition: int
    name: str
    listing: str  # SHA-256 of SHA256SUMS
    files: int
    bytes: int

    @property
    def order(self) -> tuple[int, int]:
        """The sort key of editions; later ones are greater."""
        return self.log, self.edition


def pack_edition(home: Home, target: Path) -> PackageSeal:
    """Check the shown edition and write it into one signed file; the same bytes every time."""
    output_files.refuse_existing(target)
    check_site(home)
    folder = home.public.resolve()
    content = (folder / LISTING).read_bytes()
    paths = [line[66:] for line in content.decode().splitlines()] + [LISTING]
    seal = PackageSeal(
        log=len((folder / "log" / "log.jsonl").read_bytes().splitlines()),
        edition=int(folder.name.partition("-")[0]),
        name=folder.name,
        listing=hashlib.sha256(content).hexdigest(),
        files=len(paths),
        bytes=sum((folder / path).stat().st_size for path in paths),
    )
    text = json.dumps(asdict(seal), sort_keys=True).encode()
    signature = home.log.ring.load_private().sign(PREFIX + text)
    beside = target.with_name(f".{target.name}")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("seal.json", text), ("seal.sig", signature)):
            archive.writestr(_zip_member(name), data)
        for path in sorted(paths):
            archive.writestr(_zip_member(f"site/{path}"), (folder / path).read_bytes())
    beside.replace(target)
    return seal


def apply_package(package: Path, to: Path, key: str | None = None) -> PackageSeal:
    """Verify a package and show it at TO/public; the previous edition is kept unless it shows ended penalties.

    `key`: the log's public key, required the first time and stored as TO/trusted.pub. BadFile if the package is
    damaged, Stopped if it is older than the applied one or fails the checks; nothing is changed then.
    """
    with public_umask():
        to.mkdir(parents=True, exist_ok=True)
    with hold_lock(to / "writer.lock", f"apply {package.name}", 10), public_umask():
        trusted = _read_trusted_key(to, key)
        with _open_package(package) as archive:
            seal = _read_seal(archive, package.name, trusted)
            latest, shown = _read_applied(to), atomic_switch.shown_folder(to / "public")
            if latest and (seal.order < latest.order or shown == seal.name):
                raise Stopped(
                    _("{package} holds edition {edition}; {latest} was applied already").format(
                        package=package.name, edition=seal.name, latest=latest.name
                    ),
                    _("ask inside for the newest package; to go back one edition: --undo"),
                )
            editions = to / "editions"
            beside = editions / ".applying"
            shutil.rmtree(beside, ignore_errors=True)
            try:
                _unpack_site(archive, seal, beside, package.name)
                proofread_folder(beside)
                shutil.rmtree(editions / seal.name, ignore_errors=True)
                beside.rename(editions / seal.name)
            finally:
                shutil.rmtree(beside, ignore_errors=True)
        durable_files.replace_file(to / KEY, f"{trusted.text}\n".encode())
        durable_files.replace_file(to / APPLIED, json.dumps(asdict(seal), sort_keys=True).encode())
        atomic_switch.switch_link(to / "public", editions / seal.name)
        if shown and atomic_switch.shows_ended_penalty(editions / shown, editions / seal.name):
            shown = ""  # ended penalties are deleted and cannot be restored by undo
        for old in editions.iterdir():
            if old.name not in (seal.name, shown):
                shutil.rmtree(old)
    return seal


def restore_previous(to: Path) -> str:
    """Show the previous edition again; return its name. Misuse if there is none."""
    with hold_lock(to / "writer.lock", "undo", 10):
        now = atomic_switch.shown_folder(to / "public")
        others = [edition for edition in (to / "editions").glob("[0-9]*") if edition.name != now]
        if not now or not others:
            raise Misuse(
                _("there is no edition before the one that is shown"),
                _("apply a package first: double-random publish apply FILE --to FOLDER"),
            )
        atomic_switch.switch_link(to / "public", others[0])
        return others[0].name


def _read_trusted_key(to: Path, key: str | None) -> PublicKey:
    key_file = to / KEY
    if key_file.exists():
        trusted = PublicKey.parse(key_file.read_text(encoding="utf-8").strip())
        if key is not None and PublicKey.parse(key) != trusted:
            raise Stopped(
                _("this is not the key that {file} has").format(file=key_file),
                _(
                    "if the bureau has changed its key, compare it by telephone and replace that file"
                ),
            )
        return trusted
    if key is None:
        raise Misuse(
            _("whose packages are to be trusted is not known yet"),
            _("say it once: --key, with the line of log.pub, got by another way than the package"),
        )
    return PublicKey.parse(key)


def _open_package(package: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(package)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadFile(
            package.name, str(error), _("take the file that `publish pack` wrote")
        ) from None


def _read_seal(archive: zipfile.ZipFile, package: str, key: PublicKey) -> PackageSeal:
    try:
        parts = [_read_member(archive, name, _LARGEST_SEAL) for name in ("seal.json", "seal.sig")]
        if not key.verifies(PREFIX + parts[0], parts[1]):
            raise BadFile(
                package,
                _("the key {name} did not sign it").format(name=key.name),
                _("get the package, or the key, from the bureau again"),
            )
        seal = PackageSeal(**json.loads(parts[0]))
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise BadFile(package, _("its seal cannot be read: {why}").format(why=error)) from None
    return seal


def _unpack_site(archive: zipfile.ZipFile, seal: PackageSeal, folder: Path, package: str) -> None:
    """Write exactly the site files that the listing names, and verify the hash of each."""
    try:
        content = _read_member(archive, f"site/{LISTING}", seal.bytes)
        if hashlib.sha256(content).hexdigest() != seal.listing:
            raise BadFile(package, _("its listing is not the one that was sealed"))
        listed = {line[66:]: line[:64] for line in content.decode().splitlines()}
        names = {name for name in archive.namelist() if not name.startswith("seal.")}
        if names != {f"site/{path}" for path in (*listed, LISTING)}:
            raise BadFile(package, _("it holds other files than it lists"))
        left = seal.bytes
        for path, digest in listed.items():
            if not _PATH.fullmatch(path):
                raise BadFile(package, _("it holds a file of an unsafe name"))
            data = _read_member(archive, f"site/{path}", left)
            left -= len(data)
            if hashlib.sha256(data).hexdigest() != digest:
                raise BadFile(package, _("{path} is not what was sealed").format(path=path))
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        (folder / LISTING).write_bytes(content)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise BadFile(package, _("it is damaged: {why}").format(why=error)) from None
    except ValueError as error:
        raise BadFile(package, _("it is damaged: {why}").format(why=error)) from None


def _read_member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Read a member, limited to the number of bytes that the seal allows."""
    import zlib

    buffer = io.BytesIO()
    try:
        with archive.open(name) as member:
            buffer.write(member.read(most + 1))
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if buffer.tell() > most:
        raise ValueError(f"{name}: too large")
    return buffer.getvalue()


def _read_applied(to: Path) -> PackageSeal | None:
    file = to / APPLIED
    return PackageSeal(**json.loads(file.read_bytes())) if file.exists() else None


def _zip_member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    return member
