"""What the product is made of: its modules, layers and imports; `python -m tests.packages` writes the page of them.

It prints what says how readable the code is: modules without tests of their own, names of one word, aliased imports.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "development" / "packages.md"
NAME = "double_random"
LAYERS = (
    ("cli",),
    ("commands",),
    ("demo",),
    ("pipeline",),
    ("publish",),
    ("inspection",),
    ("credit",),
    ("registry",),
    ("intake", "store"),
    ("core",),
    ("data",),
)
# The parts of a package, the uppermost first; modules beside them lie below, or, as `rebuilding`, above all.
ORDER: dict[str, tuple[str, ...]] = {
    "commands": ("render",),
    "publish": ("site", "exports", "content", "disclosure"),
    "inspection": (
        "casework",
        "bare",
        "verification",
        "planning",
        "case",
        "draw",
        "sources",
        "bias_tests",
        "protocol",
    ),
    "credit": ("backtest", "reports", "scoring", "records", "policy"),
    "registry": ("sync", "quality", "inspectors", "practitioners", "institutions"),
    "store": ("engine", "log"),
}
HEAD = """\
# Packages and modules

Written by `python -m tests.packages`; a test holds that it is up to date. A package imports only from packages below it
in this list, a part of a package only from parts below it; no imports run in a circle, lazy ones counted
(`tests/test_architecture.py`). What is installed is one import package, `double_random`; in the repository its packages
lie at the top.
"""


def modules() -> dict[str, Path]:
    """Every module of the product by its name without `double_random.`; a package by its own name."""
    found = {}
    for name in (name for names in LAYERS for name in names):
        single = ROOT / f"{name}.py"
        for file in [single] if single.exists() else sorted((ROOT / name).rglob("*.py")):
            if "verifiers" in file.parts:
                continue  # programs of their own that lie in a bundle
            parts = file.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = file
    return found


def all_imports(there: dict[str, Path]) -> dict[str, set[str]]:
    """Module → the modules of the product that it imports, wherever in it the import stands."""
    found: dict[str, set[str]] = {}
    for name, file in there.items():
        found[name] = set()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(NAME):
                base = (node.module or "").removeprefix(NAME).removeprefix(".")
                for alias in node.names:
                    full = f"{base}.{alias.name}" if base else alias.name
                    found[name].add(full if full in there else base)
            elif isinstance(node, ast.Import):
                ours = [alias.name for alias in node.names if alias.name.startswith(NAME + ".")]
                found[name] |= {one.removeprefix(NAME + ".") for one in ours}
        found[name] &= set(there) - {name}
    return found


def layer(module: str) -> int:
    """The layer of a module: 0 is the uppermost."""
    top = module.partition(".")[0]
    return next(number for number, names in enumerate(LAYERS) if top in names)


def part(module: str) -> str:
    """The part of its package that a module lies in; a module beside the parts is its own."""
    return module.split(".")[1] if "." in module else ""


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other, directly or by others (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(one: str) -> None:
        number[one] = low[one] = len(number)
        stack.append(one)
        for other in sorted(imports.get(one, ())):
            if other not in number:
                visit(other)
                low[one] = min(low[one], low[other])
            elif other in stack:
                low[one] = min(low[one], number[other])
        if low[one] == number[one]:
            group = stack[stack.index(one) :]
            del stack[stack.index(one) :]
            if len(group) > 1:
                found.append(sorted(group))

    for one in sorted(imports):
        if one not in number:
            visit(one)
    return found


def docstring(file: Path) -> str:
    """The first line of a module's docstring."""
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return text.split("\n", 1)[0]


def functions(there: dict[str, Path]) -> list[tuple[str, str]]:
    """Every function and method as (module, name), but those whose name Python gives."""
    return [
        (module, node.name)
        for module, file in there.items()
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("__")
    ]


def words(name: str) -> int:
    """How many words a name has."""
    return len([word for word in name.split("_") if word])


def untested(there: dict[str, Path]) -> list[str]:
    """Modules without a file of tests of their own, tests/PACKAGE/test_MODULE.py."""
    missing = []
    for module, file in there.items():
        path = file.relative_to(ROOT)
        mirror = ROOT / "tests" / path.parent / f"test_{path.name}"
        if file.name != "__init__.py" and not mirror.exists():
            missing.append(module)
    return missing


def figures() -> dict[str, str]:
    """What says how readable the code is, by name."""
    there = modules()
    names = functions(there)
    single = sum(words(name) == 1 for _module, name in names)
    trees = [ast.parse(file.read_text("utf-8")) for file in there.values()]
    imported = [
        alias
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(NAME)
        for alias in node.names
    ]
    return {
        "modules": str(len(there)),
        "modules without a file of tests": str(len(untested(there))),
        "functions": str(len(names)),
        "of one word": f"{100 * single // len(names)} %",
        "words a name": f"{sum(words(name) for _module, name in names) / len(names):.2f}",
        "imports under another name": str(sum(alias.asname is not None for alias in imported)),
    }


def picture(imports: dict[str, set[str]]) -> str:
    """The layers as text: each package with the packages that it imports."""
    below: dict[str, set[str]] = defaultdict(set)
    for module, others in imports.items():
        top = module.partition(".")[0]
        below[top] |= {other.partition(".")[0] for other in others} - {top}
    names = [name for row in LAYERS for name in row]
    lines = [
        f"{name:<11}→ {' '.join(other for other in names if other in below[name])}".rstrip(" →")
        for name in names
    ]
    return "\n".join(["```", *lines, "```"])


def page() -> str:
    """The page: the picture, then each package with its parts and modules, a line each."""
    there = modules()
    lines = [HEAD, picture(all_imports(there)), ""]
    for name in (name for names in LAYERS for name in names):
        mine = [one for one in there if one == name or one.startswith(name + ".")]
        if name == "cli":
            lines += ["## `cli.py`", "", docstring(there["cli"]), ""]
            continue
        lines += [f"## `{name}/`", "", docstring(there[name]), ""]
        order = ORDER.get(name, ())
        beside = [one for one in mine if one.count(".") == 1 and part(one) not in order]
        lines += [f"- `{one.partition('.')[2]}`: {docstring(there[one])}" for one in sorted(beside)]
        for section in order:
            inner = [one for one in mine if part(one) == section and one.count(".") > 1]
            lines += ["", f"### `{name}/{section}/`", "", docstring(there[f"{name}.{section}"]), ""]
            lines += [f"- `{one.split('.')[-1]}`: {docstring(there[one])}" for one in sorted(inner)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    for figure, value in figures().items():
        print(f"{figure}: {value}")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
