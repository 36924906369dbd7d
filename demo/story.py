"""The guided tour: a bureau's raw files become registers, grades, two verified draws and a public site.

It calls the same functions as the commands, and prints the command of each step. Dates are fixed, so only secrets,
salts and keys (and therefore the lists) differ from one tour to the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from double_random import data
from double_random.core.translation import _, current_language
from double_random.demo.bureau import DISTRICT_CODE
from double_random.demo.demo_home import AUTHORITY, copy_facts, facts_folder, fresh_home
from double_random.demo.drawing import VerifiedDraw, draw_and_verify
from double_random.demo.printer import TourPrinter, tour_console
from double_random.demo.scenes import ARCHIVES, PRACTICE

if TYPE_CHECKING:
    import polars
    from rich.console import Console

    from double_random.store.home import Home

AS_OF, PUBLISHED_ON = date(2026, 10, 31), date(2026, 11, 13)
POLICY = "risk-100"
READ_AT = "2026-11-01T01:00:00Z"  # so that acts entered after the tour have later times


class FileCounts(Protocol):
    """A file of a drop with the row counts of a run."""

    @property
    def file(self) -> str:
        """The file's name."""

    @property
    def result(self) -> str:
        """Read, refused or other."""

    @property
    def rows(self) -> int:
        """Rows read."""

    @property
    def accepted(self) -> int:
        """Rows accepted."""

    @property
    def duplicates(self) -> int:
        """Rows that repeat others."""

    @property
    def quarantined(self) -> int:
        """Rows quarantined."""


def run_tour(path: Path, default_home: bool = False, console: Console | None = None) -> TourPrinter:
    """Run the tour in a fresh home at `path`; returns the printer, which holds the printed commands.

    `default_home`: the commands find this home without `--home`. Misuse if `path` holds anything else;
    DoubleRandomError if a step fails or a draw does not verify.
    """
    telling = TourPrinter(path, default_home, console or tour_console())
    drop = data.path("sample")
    telling.print_lines(
        _(
            "A guided tour with a fictitious district bureau: every name carries 示例, every code XXXX."
        ),
        _("Beside each step stands the command that does the same."),
    )
    home = _show_registers(telling, path, drop)
    _show_credit(telling, home, drop)
    telling.start_chapter(_("3  First draw: a section of four inspectors, in two fixed groups"))
    first = draw_and_verify(telling, home, ARCHIVES, AS_OF)
    telling.start_chapter(_("4  Second draw: by risk grade, from a roster of fourteen"))
    second = draw_and_verify(telling, home, PRACTICE, AS_OF)
    site = _show_site(telling, home)
    _show_end(telling, (first, second), site)
    return telling


def _show_registers(telling: TourPrinter, path: Path, drop: Path) -> Home:
    """Create a home, and fill the registers from the bureau's own files."""
    from double_random.publish.content.labels import CodeLabels
    from double_random.registry.institutions import queries
    from double_random.registry.sync.sync_run import sync_registers

    telling.start_chapter(_("1  Registers: whom there is to inspect, and who inspects"))
    home = fresh_home(path)
    telling.show_step(
        _("A home folder, with the key that signs whatever is done in it:"),
        *("init", "--authority", AUTHORITY, "--code", DISTRICT_CODE),
    )
    telling.print_lines(_("The log's public key, for those who verify:"))
    telling.print_verbatim(home.log.public.text)
    telling.show_command(
        _("The sample's city is in no list, so the bureau brings its own districts:"),
        ["cp", "-r", f"{facts_folder()}/.", str(path / "facts")],
    )
    copy_facts(home)
    telling.show_step(
        _("Approvals, inspectors and recusals, from the files as they came:"),
        *("registry", "sync", drop, "--as-of", AS_OF, "--at", READ_AT),
    )
    _show_files(telling, sync_registers(home, [drop], AS_OF).files)
    with home.releases.read() as release:
        table = queries.institutions_as_of(release, AS_OF)
    words = CodeLabels.load(home, current_language())
    telling.console.print()
    telling.console.print(_("The register now holds:"))
    counted = table.group_by("kind", "status").len().sort("kind", "status")
    telling.print_table(
        (_("kind"), _("status"), _("institutions")),
        [(words.kind(kind), words.status(status), count) for kind, status, count in counted.rows()],
        right=(2,),
    )
    return home


def _show_credit(telling: TourPrinter, home: Home, drop: Path) -> None:
    """Load the records, score the institutions, and explain the lowest grade."""
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.records.load import load_records
    from double_random.credit.scoring.explanation import explain_score
    from double_random.credit.scoring.kept_scores import load_scores
    from double_random.credit.scoring.score_run import score_institutions
    from double_random.registry.quality.issues import list_issues

    telling.start_chapter(_("2  Credit: records become grades that explain themselves"))
    telling.show_step(
        _("Penalties and complaints of three years:"),
        *("credit", "load", drop, "--as-of", AS_OF, "--at", READ_AT),
    )
    _show_files(telling, load_records(home, [drop], AS_OF).files)
    with home.releases.read() as release:
        issue_rows = list_issues(release)
    telling.show_step(_("What was set aside, and why; nothing is lost:"), "registry", "issues")
    _show_issues(telling, issue_rows)
    rule = load_policy(home, POLICY)
    telling.show_step(
        _("Score and grade of every active institution, by a rule that is a file:"),
        *("credit", "score", "--as-of", AS_OF, "--policy", POLICY, "--at", READ_AT),
    )
    scored = score_institutions(home, AS_OF, rule)
    telling.print_lines(
        _("Rule: {title}, for {purpose}").format(title=rule.title, purpose=rule.purpose)
    )
    telling.print_table(
        (_("grade"), _("institutions")),
        [(grade, n) for grade, n in scored.grades.items()],
        right=(1,),
    )
    with home.releases.read() as release:
        worst = [grade for grade, count in scored.grades.items() if count][-1]
        graded = load_scores(release, AS_OF, rule).sort("points", "institution").to_dicts()
        lowest = next(row["institution"] for row in graded if row["grade"] == worst)
        why = explain_score(release, lowest, AS_OF, rule)
    telling.show_step(
        _("The lowest grade, line by line; the lines add up to it:"),
        *("credit", "explain", why.institution, "--as-of", AS_OF, "--policy", POLICY),
    )
    telling.print_lines(
        _("{name}: {points} points, grade {grade}").format(
            name=why.name, points=_format_points(why.points), grade=why.grade
        )
    )
    telling.print_table(
        (_("points"), _("sum"), _("rule"), _("document")),
        [
            (
                _format_points(line.points),
                _format_points(line.running),
                line.title,
                line.document or "",
            )
            for line in why.lines
        ],
        right=(0, 1),
    )


def _show_site(telling: TourPrinter, home: Home) -> Path:
    """Build the public site of the day."""
    from double_random.publish.site.build import build_site

    telling.start_chapter(_("5  Publication: what may be shown, and nothing else"))
    telling.show_step(
        _("A static site with its open data, checked and then switched in one step:"),
        *("publish", "build", "--as-of", PUBLISHED_ON),
    )
    site = build_site(home, PUBLISHED_ON)
    files = [file for file in site.rglob("*") if file.is_file()]
    telling.print_lines(_("{count} files in the folder").format(count=len(files)))
    telling.print_verbatim(str(site))
    return site


def _show_end(telling: TourPrinter, draws: Iterable[VerifiedDraw], site: Path) -> None:
    """Show the results, and the commands to type next."""
    telling.start_chapter(_("Done"))
    for verified in draws:
        telling.print_lines(
            _("✓ {draw}: {targets} institutions, {inspectors} inspectors, verified").format(
                draw=verified.draw, targets=verified.targets, inspectors=verified.inspectors
            )
        )
    telling.print_lines(_("The site:"))
    telling.print_verbatim(str(site / "index.html"))
    telling.print_lines(_("This home is a demo: the next demo makes it anew."))
    telling.console.print()
    telling.console.print(_("To type next:"))
    for words in (
        ("status",),
        ("registry", "list", "--status", "suspended"),
        ("credit", "list", "--grade", "D"),
        ("log", "show"),
        ("publish", "check"),
    ):
        telling.suggest_command(*words)


def _show_files(telling: TourPrinter, files: Iterable[FileCounts]) -> None:
    """Show each file with its rows: read = accepted + duplicates + quarantined."""
    telling.print_table(
        (_("file"), _("rows"), _("accepted"), _("duplicates"), _("quarantined")),
        [
            (counted.file, counted.rows, counted.accepted, counted.duplicates, counted.quarantined)
            for counted in files
            if counted.result == "read"
        ],
        right=(1, 2, 3, 4),
    )


def _show_issues(telling: TourPrinter, issue_rows: polars.DataFrame) -> None:
    """Show each quarantined row, and the number of noted rows by reason."""
    rows = issue_rows.to_dicts()
    telling.print_table(
        (_("file"), _("row"), _("name"), _("reason")),
        [
            (row["file"], row["row"], row["name"], _(row["reason"]))
            for row in rows
            if row["severity"] == "quarantined"
        ],
        right=(1,),
    )
    noted = Counter(row["reason"] for row in rows if row["severity"] == "noted")
    for reason, count in sorted(noted.items()):
        telling.print_lines(
            _("accepted and noted {count}: {reason}").format(count=count, reason=_(reason))
        )


def _format_points(hundredths: int) -> str:
    """Hundredths of points as a decimal number: 9250 is 92.50."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}"
