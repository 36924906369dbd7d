"""The structure holds: layers, the order inside each package, no circle of imports, small functions, purity.

All imports count: lazy ones, and those for type checkers alone. `python -m tests.packages` draws the picture.
"""

from __future__ import annotations

import ast
import re

import pytest

from tests.packages import (
    LAYERS,
    ORDER,
    ROOT,
    all_imports,
    circles,
    docstring,
    functions,
    layer,
    modules,
    part,
    untested,
    words,
)

MODULES = modules()
IMPORTS = all_imports(MODULES)
PURE = sorted(name for name in MODULES if f"{name}.".startswith("inspection.protocol."))
IMPURE = {
    "duckdb",
    "polars",
    "pyarrow",
    "time",
    "datetime.now",
    "os",
    "pathlib",
    "io",
    "secrets",
    "random",
    "sqlite3",
}
SOURCE_KIND = re.compile(r"\bsources?(\[\d\])?\.kind\b")
LINES, PARAMETERS, FIELDS, ARGUMENTS = 60, 8, 5, 6
ONE_WORD = 15  # percent of all functions; commands and methods of one word among them


def test_every_package_has_its_layer() -> None:
    known = {name for names in LAYERS for name in names}
    assert {name.partition(".")[0] for name in MODULES} == known


def test_a_layer_imports_only_the_layers_below() -> None:
    wrong = [
        f"{module} imports {other}"
        for module, others in IMPORTS.items()
        for other in others
        if layer(module) >= layer(other) and module.partition(".")[0] != other.partition(".")[0]
    ]
    assert not wrong


def test_the_parts_of_a_package_have_an_order() -> None:
    wrong = []
    for module, others in IMPORTS.items():
        order = ORDER.get(module.partition(".")[0], ())
        for other in others:
            both = module.partition(".")[0] == other.partition(".")[0]
            if both and {part(module), part(other)} <= set(order):
                above, below = order.index(part(module)), order.index(part(other))
                wrong += [f"{module} imports {other}"] if above > below else []
    assert not wrong


def test_no_circle_of_parts() -> None:
    """Modules beside the parts of a package count as parts."""
    between: dict[str, set[str]] = {}
    for module, others in IMPORTS.items():
        mine = ".".join(module.split(".")[:2])
        between.setdefault(mine, set())
        between[mine] |= {".".join(other.split(".")[:2]) for other in others} - {mine}
    assert circles(between) == []


def test_every_part_has_its_place_in_the_order() -> None:
    for package, order in ORDER.items():
        there = {
            folder.name
            for folder in (ROOT / package).iterdir()
            if (folder / "__init__.py").exists()
        }
        assert there == set(order), package


def test_no_circle_of_imports() -> None:
    assert circles(IMPORTS) == []


def test_the_gate_sees_a_circle() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def test_imports_are_written_out() -> None:
    for file in MODULES.values():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{file}: no relative imports"


@pytest.mark.parametrize("name", PURE)
def test_the_mathematics_touches_no_database_clock_or_file(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    outside = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or "").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }
    assert not outside & IMPURE
    assert {other for other in IMPORTS[name] if other.startswith("store")} <= {"store.log.merkle"}


def test_every_module_says_what_it_is_for() -> None:
    assert not [name for name, file in MODULES.items() if not docstring(file)]


def test_every_module_has_its_file_of_tests() -> None:
    assert untested(MODULES) == []


def test_functions_say_what_they_do() -> None:
    """A name of one word (`read`, `of`) is for a method whose object says the rest."""
    names = functions(MODULES)
    single = [f"{module}.{name}" for module, name in names if words(name) == 1]
    assert len(single) * 100 <= len(names) * ONE_WORD, single


def test_functions_stay_small_outside_the_commands() -> None:
    wrong = []
    for name, file in MODULES.items():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef) or name.startswith("commands"):
                continue
            given = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
            count = len([one for one in given if one.arg not in ("self", "cls")])
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LINES or count > PARAMETERS:
                wrong.append(f"{name}.{node.name}: {lines} lines, {count} parameters")
    assert not wrong


def test_no_call_has_more_arguments_without_a_name_than_a_reader_can_count() -> None:
    """Of a table's columns there may be more."""
    wrong = []
    for name, file in MODULES.items():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and len(node.args) > ARGUMENTS:
                called = ast.unparse(node.func).rpartition(".")[2]
                any_number = any(isinstance(given, ast.Starred) for given in node.args)
                if not any_number and called not in ("select", "with_columns"):
                    wrong.append(f"{name}:{node.lineno} {called}")
    assert not wrong


def test_the_form_of_an_answer_is_decided_in_one_package() -> None:
    """A command names no format, and asks no output stream whether it is a terminal."""
    wrong = []
    for name, file in MODULES.items():
        if not name.startswith("commands.") or name.startswith("commands.render."):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Attribute):
                text = ast.unparse(node)
                if text.startswith("Format.") or (
                    text.endswith(".isatty") and text != "sys.stdin.isatty"
                ):
                    wrong.append(f"{name}:{node.lineno} {text}")
    assert not wrong


def test_what_a_source_of_randomness_is_stands_in_its_class() -> None:
    """No other module compares the kind of a source."""
    wrong = []
    for name, file in MODULES.items():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Compare):
                sides = [ast.unparse(side) for side in (node.left, *node.comparators)]
                wrong += [f"{name}:{node.lineno}" for side in sides if SOURCE_KIND.search(side)]
    assert not wrong
    assert SOURCE_KIND.search("plan.sources[0].kind") and not SOURCE_KIND.search("group.kind")


def test_large_dataclasses_are_built_by_name() -> None:
    wrong = []
    for name, file in MODULES.items():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            marks = [ast.unparse(mark) for mark in node.decorator_list]
            fields = sum(isinstance(line, ast.AnnAssign) for line in node.body)
            by_name = any("kw_only=True" in mark for mark in marks)
            if fields > FIELDS and any("dataclass" in mark for mark in marks) and not by_name:
                wrong.append(f"{name}.{node.name}: {fields} fields")
    assert not wrong


def test_the_page_of_packages_is_up_to_date() -> None:
    from tests.packages import PAGE, page

    assert PAGE.read_text("utf-8") == page(), "run: python -m tests.packages"
