"""The reference pages, made from the commands and the public names themselves, so that they cannot lie."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

import click

import aligner
from aligner import errors
from aligner.cli.main import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NOTE: Final = "<!-- Made by `python tests/docs/generate.py`; do not edit. -->\n"

_CLI: Final = """\
# The command line

All commands and options, made from the program itself; `aligner COMMAND --help` says the same. How settings reach a
command is told in [Folders, patterns, settings](../howto/batch.md#settings).

An option with a variable can also be set in the environment, in a `.env` or (its long name) in `aligner.toml`.
"""

_EXIT_CODES: Final = f"""\
## Exit codes

| code | meaning |
|---|---|
| {errors.EXIT_DONE} | everything was done, or was up to date |
| {errors.EXIT_FAILED} | some documents failed; the others are done, and each failure is named with its reason |
| {errors.EXIT_USAGE} | wrong usage or settings (a refused key is one): nothing was spoken |
| {errors.EXIT_INTERRUPTED} | interrupted with Ctrl-C: what was done stays, and the same command goes on from there |

Results go to standard output, progress and messages to standard error.
"""

_API: Final = """\
# The Python API

The public names of the package `aligner`, made from their own signatures and docstrings. Begin with
[From Python](../howto/python.md). Every other name inside the package may change without notice.

All times are integer microseconds, as a player of the sound file shows them. A `Span` is a pair, first and last + 1.
"""

_DOCSTRING_SECTION: Final = re.compile(r"^(Args|Returns|Raises|Yields):$")
_ENTRY: Final = re.compile(r"^    (\w+): (.*)$")


def cli_page() -> str:
    """``docs/reference/cli.md``."""
    context = click.Context(cli)
    parts = [_CLI, _commands(), *(_command(name, cli.get_command(context, name)) for name in COMMANDS), _EXIT_CODES]
    return NOTE + "\n".join(parts)


def _commands() -> str:
    rows = [f"| [`aligner {name}`](#aligner-{name}) | {what} |" for name, what in COMMANDS.items()]
    return "\n".join(["| command | what it does |", "|---|---|", *rows, ""])


def _command(name: str, command: click.Command | None) -> str:
    assert command is not None
    arguments = [param.metavar or "" for param in command.params if isinstance(param, click.Argument)]
    options = [param for param in command.params if isinstance(param, click.Option)]
    return "\n".join(
        [
            f"## aligner {name}",
            "",
            "```text",
            " ".join(["aligner", name, "[OPTIONS]", *arguments]),
            "```",
            "",
            inspect.cleandoc(command.help or ""),
            "",
            "| option | what it does | default | variable |",
            "|---|---|---|---|",
            *map(_option, options),
            "",
        ]
    )


def _option(option: click.Option) -> str:
    value = "" if option.is_flag else f" {option.metavar or _value(option.type)}"
    named = ", ".join(f"`{name}{value}`" for name in option.opts)
    needed = " Required." if option.required else ""
    # click marks "no default" with an object of its own: only what a person could have typed is one.
    default = option.default if isinstance(option.default, str | int | float) and not option.is_flag else ""
    cells = (named, f"{option.help}{_range(option)}{needed}", _code(default), _code(option.envvar))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _value(kind: click.ParamType[object]) -> str:
    if isinstance(kind, click.Choice):
        return "|".join(map(str, kind.choices))
    return "N" if isinstance(kind, click.IntRange | click.FloatRange) or kind is click.INT else kind.name.upper()


def _range(option: click.Option) -> str:
    """The range of a number, where the help text does not tell it."""
    kind = option.type
    if not isinstance(kind, click.IntRange | click.FloatRange):
        return ""
    text = f"At least {kind.min}." if kind.max is None else f"{kind.min:,} to {kind.max:,}."
    return "" if text in (option.help or "") else f" {text}"


def _code(value: object) -> str:
    return f"`{value}`" if value not in (None, "") else ""


class _Shown(NamedTuple):
    """A public name with its source."""

    name: str
    tree: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    module: str


def api_page() -> str:
    """``docs/reference/api.md``."""
    shown = [_shown(name) for name in aligner.__all__]
    functions = [one for one in shown if not isinstance(one.tree, ast.ClassDef)]
    errors = [one for one in shown if _is_error(one.name)]
    values = [one for one in shown if one not in functions and one not in errors]
    parts = [_API]
    for title, group in (("Functions", functions), ("Values", values), ("Errors", errors)):
        parts += [f"## {title}\n", *map(_entry, group)]
    return NOTE + "\n".join(parts)


def _shown(name: str) -> _Shown:
    value = getattr(aligner, name)
    tree = ast.parse(inspect.getsource(value)).body[0]
    assert isinstance(tree, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    return _Shown(name, tree, value.__module__)


def _is_error(name: str) -> bool:
    value = getattr(aligner, name)
    return inspect.isclass(value) and issubclass(value, Exception)


def _entry(shown: _Shown) -> str:
    lines = [f"### {shown.name}", ""]
    if not isinstance(shown.tree, ast.ClassDef):
        lines += ["```py", _signature(shown.tree, shown.module), "```", ""]
    elif shown.tree.bases and _is_error(shown.name):
        lines += [f"A kind of `{', '.join(map(ast.unparse, shown.tree.bases))}`.", ""]
    lines += _markdown(ast.get_docstring(shown.tree) or "")
    if isinstance(shown.tree, ast.ClassDef):
        lines += _fields(shown.tree, shown.module)
        lines += _methods(shown.tree)
    return "\n".join(lines)


def _signature(tree: ast.FunctionDef | ast.AsyncFunctionDef, module: str) -> str:
    arguments = tree.args.args
    defaults = [None] * (len(arguments) - len(tree.args.defaults)) + [
        _default(one, module) for one in tree.args.defaults
    ]
    rows = [
        f"    {ast.unparse(argument)}{f' = {default}' if default else ''},"
        for argument, default in zip(arguments, defaults, strict=True)
    ]
    returned = f" -> {ast.unparse(tree.returns)}" if tree.returns else ""
    return "\n".join([f"aligner.{tree.name}(", *rows, f"){returned}"])


def _default(default: ast.expr, module: str) -> str:
    """The value behind a constant's name, as the reader has no use for the name."""
    if isinstance(default, ast.Name):
        for node in ast.parse(inspect.getsource(sys.modules[module])).body:
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == default.id and node.value:
                return ast.unparse(node.value)
    return ast.unparse(default)


def _markdown(docstring: str) -> list[str]:
    """A docstring in Google's style as Markdown: its sections become lists."""
    lines: list[str] = []
    for line in docstring.splitlines():
        if section := _DOCSTRING_SECTION.match(line):
            lines += [f"{section[1]}:", ""]
        elif entry := _ENTRY.match(line):
            lines.append(f"- `{entry[1]}`: {entry[2]}")
        else:
            lines.append(re.sub(r"^ +", "  " if lines and lines[-1].startswith(("- ", "  ")) else "", line))
    return [*(line.replace("``", "`") for line in lines), ""]


def _fields(tree: ast.ClassDef, module: str) -> list[str]:
    rows = [
        f"| `{ast.unparse(one.target)}` | `{_cell(one.annotation)}` | {_given(one, module)} | {_cell_text(what)} |"
        for one, what in _documented(tree.body)
        if isinstance(one, ast.AnnAssign)
    ]
    return ["| field | type | default | |", "|---|---|---|---|", *rows, ""] if rows else []


def _documented(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    """Each statement with the string that stands below it."""
    statements = list(body)
    for statement, following in zip(statements, [*statements[1:], None], strict=True):
        text = ""
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            text = str(following.value.value)
        yield statement, text


def _given(field: ast.AnnAssign, module: str) -> str:
    value = "" if field.value is None else _default(field.value, module)
    factory = re.fullmatch(r"field\(default_factory=(\w+)\)", value)
    return _code(f"{factory[1]}()" if factory else value).replace("|", "\\|")


def _cell(node: ast.expr) -> str:
    return ast.unparse(node).replace("|", "\\|")


def _cell_text(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")


def _methods(tree: ast.ClassDef) -> list[str]:
    public = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and ast.get_docstring(node)
    ]
    rows = [f"- `{_call(node)}`: {_cell_text(ast.get_docstring(node) or '')}" for node in public]
    return [*rows, ""] if rows else []


def _call(node: ast.FunctionDef) -> str:
    if any(ast.unparse(decorator) == "property" for decorator in node.decorator_list):
        return node.name
    return f"{node.name}({', '.join(argument.arg for argument in node.args.args[1:])})"
