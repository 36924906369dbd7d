"""Data of a fictitious district bureau: institutions, permits, penalties, complaints, inspectors, recusals.

Nothing in it is real: every name contains 示例, every code XXXX, and the area 99 does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

CITY, DISTRICT, NEIGHBOUR = "示例市", "示例区", "示例新区"
AREA = "990000"


@dataclass(frozen=True)
class SampleKind:
    """A kind of institution as written on permits; `codes` are the first two characters of its code."""

    noun: str
    ending: str
    certificate: str
    codes: tuple[str, ...]


FIRM = SampleKind("律师事务所", "律师事务所", "律师事务所执业许可证", ("31",))
BRANCH = SampleKind("律师事务所分所", "分所", "律师事务所分所执业许可证", ("31",))
NOTARY = SampleKind("公证机构", "公证处", "公证机构执业证", ("32", "12"))
FORENSIC = SampleKind("司法鉴定机构", "司法鉴定中心", "司法鉴定许可证", ("34", "52"))


@dataclass(kw_only=True)
class SampleInstitution:
    """One institution while the sample is built: `name` and `address` are the current ones."""

    kind: SampleKind
    name: str
    code: str
    licence: str
    founded: date
    head: str
    address: str
    ended: date | None = None
    names: list[tuple[date, str]] = field(default_factory=list)

    def name_on(self, day: date) -> str:
        """The name in force on a day."""
        return [name for since, name in self.names if since <= day][-1]


@dataclass(kw_only=True)
class SamplePaper:
    """A decision or filing about an institution; numbers are assigned once all papers are known."""

    institution: SampleInstitution
    day: date
    document: str = field(default="", init=False)


@dataclass(kw_only=True)
class Permit(SamplePaper):
    """行政许可: one decision, with the resulting content of the certificate."""

    name: str
    head: str
    address: str
    title: str
    content: str
    valid: bool = True


@dataclass(kw_only=True)
class Penalty(SamplePaper):
    """行政处罚: `fine` and `confiscated` are text in 万元, as bureaus write them."""

    conduct: str
    basis: str
    kinds: str
    content: str
    fine: str
    confiscated: str
    ends: date
    publish_until: date


@dataclass(kw_only=True)
class SampleComplaint(SamplePaper):
    """投诉: its filing, its outcome if it has one, and the penalty that resulted."""

    channel: str
    matter: str
    acceptance: str
    outcome: str
    decided: date | None
    became: Penalty | None


@dataclass(frozen=True, kw_only=True)
class SampleInspector:
    """执法检查人员, as listed in the bureau's own sheet."""

    name: str
    number: str
    unit: str
    speciality: str
    lead: bool
    on_duty: bool


@dataclass(kw_only=True)
class SampleBureau:
    """The whole sample before it is written to sheets."""

    permits: list[Permit] = field(default_factory=list)
    penalties: list[Penalty] = field(default_factory=list)
    complaints: list[SampleComplaint] = field(default_factory=list)
    inspectors: list[SampleInspector] = field(default_factory=list)
    recusals: list[tuple[SampleInspector, SampleInstitution, str]] = field(default_factory=list)
    institutions: list[SampleInstitution] = field(default_factory=list)

    def existing_of_kind(self, kind: SampleKind) -> list[SampleInstitution]:
        """The institutions of one kind that have not ended."""
        return [
            institution
            for institution in self.institutions
            if institution.kind == kind and institution.ended is None
        ]


def fictitious_code(prefix: str, serial: int) -> str:
    """A fictitious 统一社会信用代码 with correct check digits (GB 32100-2015, GB 11714-1997).

    The organisation code begins with XXXX, which no registered organisation has.
    """
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    body = f"XXXX{serial:04d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(letters.index(c) * w for c, w in zip(body, weights, strict=True)) % 11
    text = prefix + AREA + body + {10: "X", 11: "0"}.get(rest, str(rest))
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(text))
    return text + alphabet[(31 - total % 31) % 31]


CITY_CODE = fictitious_code("11", 1)
DISTRICT_CODE = fictitious_code("11", 2)
