"""The commands that the program prints as a hint or next step: collected from all sources, read as Typer reads them."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from typing import Any

from typer import Exit

from double_random.demo.years import SEED
from tests.catalogue import kept, sources
from tests.commands import _built

PROGRAM = "double-random "
ENDS = "`；;。，）|\n"  # what ends a command within a sentence
PLACEHOLDERS = {  # what a sentence leaves open: in capitals, in braces, in Chinese; and a value that it may have
    **dict.fromkeys(("DATE", "日期", "{day}", "{as_of}"), "2026-11-13"),
    **dict.fromkeys(("YEAR", "年度", "{year}"), "2026"),
    **dict.fromkeys(("NUMBER", "序号"), "1"),
    **dict.fromkeys(("DRAW", "抽取名称", "{draw}"), "2026-1"),
    **dict.fromkeys(("DROP", "目录", "FOLDER", "文件夹", "{path}", "{folder}"), "folder"),
    **dict.fromkeys(("FILE", "文件", "SHEET", "表", "记录表", "ANSWER.tsr", "应答.tsr"), "file"),
    **dict.fromkeys(
        ("BUNDLE", "核验包", "KEY", "公钥", "LOG", "CHECKPOINT", "日志", "检查点"), "file"
    ),
    **dict.fromkeys(("WHY", "REASON", "原因", "理由", "遗失", "lost"), "lost"),
    **dict.fromkeys(("NAME", "名称", "ITEM", "事项", "{id}", "{name}"), "name"),
}
VALUES = {"{source}=VALUE": "local=1", "SOURCE=VALUE": "local=1", "来源=号码": "local=1"}


def printed() -> Iterator[tuple[str, str]]:
    """Each command in a sentence of the program, in English and Chinese, with that sentence."""
    for message in kept():
        for text in (message.id, message.string):
            for one in text if isinstance(text, tuple | list) else (text,):
                yield from ((command, one) for command in within(one))
    for file in sources():
        for text in constants(file.read_text("utf-8")) if file.suffix == ".py" else ():
            if text != SEED:
                yield from ((command, f"{file}: {text}") for command in within(text))


def constants(code: str) -> Iterator[str]:
    """The texts of a module that are no docstrings."""
    tree = ast.parse(code)
    notes = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            yield node.value


def within(text: str) -> list[str]:
    """The commands in a sentence: each from the program's name to the end of its part of the sentence.

    One between backticks is a name within prose: what must be given may be left out.
    """
    found = re.findall(rf"(`?){PROGRAM}([^{ENDS}]+)", text)
    return [f"{command} …" if tick else command.strip() for tick, command in found]


def read(command: str) -> None:
    """Read a command as Typer reads it, without running it; its complaint is raised.

    A command that ends in … leaves more to be said: it may lack what must be given.
    """
    words = [VALUES.get(word, PLACEHOLDERS.get(word, word)) for word in shlex.split(command)]
    more = words[-1] in ("…", "--help")
    left = words[:-1] if more else words
    tree: Any = _built()
    try:
        context = tree.make_context("double-random", list(left), resilient_parsing=False)
    except Exit:  # an option that is an answer by itself, as --show-completion
        return
    while hasattr(tree, "commands"):
        rest = [*context._protected_args, *context.args]
        name, tree, left = tree.resolve_command(context, rest)
        try:
            context = tree.make_context(name, list(left), parent=context)
        except Exception as error:
            if not (more and type(error).__name__ == "MissingParameter"):
                raise
            return
