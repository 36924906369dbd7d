"""The three verifiers side by side: the product's, verify.py as a module, verify.html in a real browser."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import itertools
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.store.home import Home
from tests.inspection import conftest as bureau_of
from tests.templates import make_once
from tests.verifiers import corpus

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "data" / "verifiers" / "verify.html"
SCRIPT = ROOT / "data" / "verifiers" / "verify.py"


@pytest.fixture(scope="session")
def standalone() -> ModuleType:
    """verify.py, as a module of its own."""
    spec = importlib.util.spec_from_file_location("standalone_verify", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def page(browser: Browser) -> Iterator[Page]:
    """verify.html, opened from the disk in Debian's Chromium; any error in it is an error of the test."""
    errors: list[str] = []
    context = browser.new_context(locale="en-US", offline=True)
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(PAGE.as_uri())
    yield opened
    context.close()
    assert not errors


@pytest.fixture(scope="session")
def in_page(page: Page) -> Callable[[corpus.Case], dict[str, Any]]:
    """The verdict of verify.html on a case, by its own function `check`. What is large is handed over once."""
    kept: set[str] = set()

    def verdict(case: corpus.Case) -> dict[str, Any]:
        coded, names = {}, {}
        for name, data in case.files.items():
            names[name] = hashlib.sha256(data).hexdigest()
            if names[name] not in kept:
                coded[names[name]] = base64.b64encode(data).decode()
        kept.update(coded)
        found: dict[str, Any] = page.evaluate(
            """([coded, names, key, code, witness, proof, least]) => {
                window.kept ??= new Map();
                for (const [hash, text] of Object.entries(coded))
                    window.kept.set(hash, Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
                const files = new Map(Object.entries(names).map(([name, hash]) => [name, window.kept.get(hash)]));
                const { fault, undecided, unchecked, kind } = check(files, key ? readKey(key) : null, code,
                    witness.split(" ").filter(Boolean).map((one) => readKey(one, 4)),
                    proof ? Uint8Array.from(atob(proof), (letter) => letter.charCodeAt(0)) : null, least);
                const word = fault ? "wrong" : undecided ? "cannot be judged" : "intact";
                return { word, file: fault?.file ?? "", unchecked: word === "intact" ? unchecked : [], kind };
            }""",
            [
                coded,
                names,
                case.key,
                case.code,
                case.witness,
                base64.b64encode(case.proof).decode(),
                case.least,
            ],
        )
        return found

    return verdict


@pytest.fixture(scope="session")
def draws(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Home]:
    """A finished draw of each kind, by its name."""
    folder = make_once(tmp_path_factory, "draws", _carry_out_draws)
    names = (folder / "names").read_text("utf-8").splitlines()
    return {name: Home.open(folder / name) for name in names}


def _carry_out_draws(folder: Path) -> None:
    """The home of each kind of draw, in a folder of the kind's name."""
    made: dict[tuple[int, int], Path] = {}
    copies = itertools.count()

    def bureau(firms: int = 8, inspectors: int = 6) -> Home:
        if (firms, inspectors) not in made:
            registers = folder / f"registers-{firms}-{inspectors}"
            registers.mkdir()
            made[firms, inspectors] = bureau_of.make(registers, firms, inspectors, [(1, 2)]).path
        copy = folder / f"draw-{next(copies)}"
        shutil.copytree(made[firms, inspectors], copy)
        return Home.open(copy)

    def wish(draw: str = "d1", **other: Any) -> DrawRequest:
        return bureau_of.ask(draw, **other)

    homes = dict(corpus.draws(bureau, wish))
    for name, home in homes.items():
        home.path.rename(folder / name)
    (folder / "names").write_text("\n".join(homes), "utf-8")


@pytest.fixture(scope="session")
def cases(draws: dict[str, Home]) -> Callable[[str, str], tuple[corpus.Case, ...]]:
    """The cases of one kind of draw: whole, broken by a stranger, forged by an operator. Each made once."""
    makers = {"whole": corpus.whole, "broken": corpus.broken, "forged": corpus.forged}

    @cache
    def of(maker: str, kind: str) -> tuple[corpus.Case, ...]:
        return tuple(makers[maker](kind, draws[kind]))

    return of
