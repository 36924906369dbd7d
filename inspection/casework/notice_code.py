"""抽取核验码: a code on a notice that proves it offline, before anything is published. It is not the 检查码.

The code holds the notice's leaf (target, inspectors, salt), its path to `notices` of the log's draw entry (empty if a
later entry names the notice), that entry, its path to the log's head, and the signed head
(docs/reference/draw-protocol.md).
Text: `DR1:` and base45 (RFC 9285) of the zlib-compressed canonical JSON, the shortest in a QR code's alphanumeric mode.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.inspection.draw import draw_state
from double_random.inspection.draw.change_records import ChangeRecord
from double_random.inspection.draw.changes import rebuild_assignment
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.protocol import canonical_json, notices
from double_random.inspection.protocol.digest import NAMES, Digest
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.teams import TEAMS
from double_random.store.log import merkle
from double_random.store.log.checkpoint import PublicKey, SignedNote, decode_base64
from double_random.store.log.signed_log import decode_entry, encode_entry

if TYPE_CHECKING:
    from double_random.store.home import Home

PREFIX = "DR1:"
FIELDS = ("hash", "leaf", "index", "size", "path", "entry", "place", "log", "checkpoint")
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LARGEST = 1 << 16  # of the unpacked code
WHAT = "notice"  # the name in error messages


@dataclass(frozen=True, kw_only=True)
class NoticeProof:
    """What a code proves: this team visits this target, by an entry of the log that the head covers."""

    draw: str
    target: str
    inspectors: tuple[str, ...]
    kind: str  # draw | replace | substitute
    time: str  # of the entry; the operator alone vouches for it
    origin: str  # the log's name
    entries: int  # the size of the log at its head
    signed: bool | None  # by the given key; None without a key


def make_notice_code(home: Home, draw: str, target: str) -> str:
    """Return the code of a target's notice for its current team; Misuse if it is not to be visited."""
    return NoticeCodes(home, draw).make_code(target)


class NoticeCodes:
    """The codes of a draw's notices; log and draw are read once for all of them."""

    def __init__(self, home: Home, draw: str) -> None:
        self.checkpoint, self.lines = home.log.signed_lines()
        entries = [decode_entry(line) for line in self.lines]
        self.found = draw_state.find_state(entries, draw)
        self.now = rebuild_assignment(home, draw, self.found)
        folder, self.tickets = DrawFolder.find(home, draw), self.now.selection.tickets
        self.changed = {
            ChangeRecord.read(folder.read_record(number)).change.target: entry
            for number, entry in enumerate(self.found.changes, start=1)
        }
        members: dict[str, list[str]] = {}
        if self.found.drawn is not None:
            for target_id, inspector, _role in TEAMS.load(folder.read_result()["teams.csv"]):
                members.setdefault(target_id, []).append(inspector)
        self.index = {target: index for index, target in enumerate(sorted(members))}
        self.notices = notices.build_notice_tree(
            notices.build_leaves(members, self.tickets), self.tickets
        )
        self.log = merkle.Tree([merkle.hash_leaf(line) for line in self.lines])
        self.places = {line: position for position, line in reversed(list(enumerate(self.lines)))}

    def make_code(self, target: str) -> str:
        """Return the code of one target's notice; Misuse if it is not to be visited."""
        if target not in self.now.teams or self.found.drawn is None:
            raise Misuse(
                _("{target} is not among the institutions to be visited").format(target=target)
            )
        leaf = notices.build_notice(target, self.now.teams[target], self.tickets)
        changed = self.changed.get(target)
        index, size, path = 0, 0, list[bytes]()
        if changed is None:
            index, size = self.index[target], len(self.index)
            path = self.notices.path(index)
        position = self.places[encode_entry(changed or self.found.drawn)]
        content = {
            "hash": self.now.selection.plan.hash,
            "leaf": leaf.decode(),
            "index": index,
            "size": size,
            "path": [_encode_hash(step) for step in path],
            "entry": self.lines[position].decode(),
            "place": position,
            "log": [_encode_hash(step) for step in self.log.path(position)],
            "checkpoint": self.checkpoint.decode().split(
                "\n"
            ),  # canonical JSON takes no line feeds
        }
        return PREFIX + _encode_base45(zlib.compress(canonical_json.dump_canonical(content), 9))


def check_notice_code(text: str, key: PublicKey | None) -> NoticeProof:
    """Check a code from its text and the log's key alone; BadFile names what is wrong."""
    fields = StrictObject(WHAT, _unpack_code(text), FIELDS)
    digest = Digest(fields.one_of("hash", NAMES))
    leaf = fields.text("leaf").encode()
    leaf_fields = StrictObject(
        WHAT, canonical_json.load_canonical(leaf, WHAT), ("target", "inspectors", "salt"), "leaf"
    )
    line = fields.text("entry").encode()
    try:
        entry = decode_entry(line)
        note = SignedNote.parse("\n".join(fields.list("checkpoint")).encode())
        path = [decode_base64(step) for step in fields.texts("path")]
        log = [decode_base64(step) for step in fields.texts("log")]
    except (DoubleRandomError, ValueError, TypeError):
        raise BadFile(WHAT, _("its entry, path or checkpoint cannot be read")) from None
    size, index, position = fields.number("size"), fields.number("index"), fields.number("place")
    hashed = merkle.hash_leaf(leaf, digest.hash_raw)
    if entry["kind"] == "draw":
        root = bytes.fromhex(entry["notices"])
        holds = index < size and merkle.verify_inclusion(
            root, size, index, hashed, path, digest.hash_raw
        )
    else:
        holds = not path and entry.get("notice") == hashed.hex()
    if not holds:
        raise BadFile(WHAT, _("this notice does not belong to the draw that it names"))
    head = note.head
    if position >= head.size or not merkle.verify_inclusion(
        head.root, head.size, position, merkle.hash_leaf(line), log
    ):
        raise BadFile(WHAT, _("the log's head does not cover the draw that it names"))
    if key is not None and not note.is_signed_by(key):
        raise BadFile(WHAT, _("this log's key did not sign the head"))
    return NoticeProof(
        draw=str(entry["draw"]),
        target=leaf_fields.text("target"),
        inspectors=leaf_fields.texts("inspectors"),
        kind=str(entry["kind"]),
        time=str(entry["time"]),
        origin=head.origin,
        entries=head.size,
        signed=None if key is None else True,
    )


def render_qr_code(text: str) -> bytes:
    """Render the text as a QR code: a PNG with its quiet zone."""
    import io

    import segno

    buffer = io.BytesIO()
    segno.make(text, error="l", mode="alphanumeric", boost_error=False).save(
        buffer, kind="png", scale=6, border=4
    )
    return buffer.getvalue()


def _unpack_code(text: str) -> Any:
    try:
        if not text.startswith(PREFIX):
            raise ValueError(text)
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(_decode_base45(text[len(PREFIX) :]), LARGEST)
        if not unpacker.eof:
            raise ValueError(text)
        return canonical_json.parse_strict(content)
    except (ValueError, zlib.error, RecursionError):
        raise BadFile(
            WHAT,
            _("this is no code of a notice"),
            _("scan the 抽取核验码, not the official 检查码"),
        ) from None


def _encode_hash(hashed: bytes) -> str:
    return base64.b64encode(hashed).decode()


def _encode_base45(content: bytes) -> str:
    """Encode in base45 (RFC 9285): two bytes as three letters, a last single byte as two."""
    letters = []
    for start in range(0, len(content), 2):
        pair = content[start : start + 2]
        number = int.from_bytes(pair, "big")
        for _letter in range(len(pair) + 1):
            number, letter = divmod(number, 45)
            letters.append(LETTERS[letter])
    return "".join(letters)


def _decode_base45(text: str) -> bytes:
    """Decode base45; ValueError if the text is not valid base45."""
    content = bytearray()
    for start in range(0, len(text), 3):
        part = [LETTERS.index(letter) for letter in text[start : start + 3]]
        if len(part) == 1:
            raise ValueError(text)
        number = sum(value * 45**power for power, value in enumerate(part))
        try:
            content += number.to_bytes(len(part) - 1, "big")
        except OverflowError:
            raise ValueError(text) from None
    return bytes(content)
