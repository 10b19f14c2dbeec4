"""The rules of the house: what every file of the project keeps to, checked by its tools."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import aligner

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "aligner").rglob("*.py"))


@pytest.mark.parametrize(
    "tool",
    [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
    ],
    ids=["ruff-check", "ruff-format", "mypy", "import-linter"],
)
def test_the_tools_find_nothing(tool: list[str]) -> None:
    done = subprocess.run([sys.executable, *tool], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own tools
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_tested_is_the_built_package() -> None:
    """The checkout must not be on the path, or files missing from the wheel would go unnoticed."""
    if "site-packages" not in str(Path(aligner.__file__)):
        pytest.skip("an editable install, for development only")
    missing = [
        path.relative_to(ROOT)
        for path in (ROOT / "aligner").rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and not (Path(aligner.__file__).parents[1] / path.relative_to(ROOT)).exists()
    ]
    assert missing == []


def test_the_top_level_is_the_set_shape() -> None:
    command = ["git", "ls-files"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603 - git
    top = {name.split("/")[0] for name in listed.splitlines() if not name.startswith(".")}
    assert top <= {"pyproject.toml", "README.md", "LICENSE", "aligner", "tests", "samples", "docs"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, node.name


def test_nothing_is_called_utils_common_or_helpers() -> None:
    assert [path for path in SOURCES if re.search(r"util|common|helper", path.stem)] == []


def test_the_readme_holds_the_two_commands_and_ci_runs_the_same() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert sum(line.endswith("aligner run samples --out out") for line in lines) == 1
    assert sum(line.endswith("pytest") for line in lines) == 1
    assert "grep -m 1 'pytest$' README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_dependency_has_its_reason_in_the_docs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    reasons = (ROOT / "docs" / "explanation" / "libraries.md").read_text(encoding="utf-8").lower()
    names = [
        re.split(r"[<>= ]", line)[0] for line in [*project["dependencies"], *project["optional-dependencies"]["test"]]
    ]
    assert [name for name in names if f"`{name.lower()}`" not in reasons] == []
