"""Where settings come from: the command line, the environment, `.env`, `aligner.toml`; the earlier wins.

Keys and values of files are checked like options: a wrong name is an error that tells the nearest right one.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from aligner.errors import UsageError
from aligner.model import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX: Final = "ALIGNER_"
KEY: Final = "ELEVENLABS_API_KEY"
AUTHORIZATION: Final = "ALIGNER_AUTHORIZATION"
SINGLE_USE_TOKEN: Final = "ALIGNER_SINGLE_USE_TOKEN"  # noqa: S105 - the name of a variable
_FILE: Final = "aligner.toml"
# Not settings: what to do, not how.
_NEVER: Final = frozenset({"inputs", "out", "dry_run", "force", "send_key", "as_json"})


ALL: Final = frozenset(
    {
        *("engine", "voice", "model", "language", "speech_format", "chunk_length_schedule", "normalize", "ssml"),
        *("stability", "similarity_boost", "style", "speed", "seed", "dictionary", "format", "profile", "fps"),
        *("jobs", "segment_size", "stall", "fail_fast", "quiet", "log", "host", "port", "api_key"),
        *("speaker_boost", "count", "text"),
        *("allow_origin", "voices", "dictionaries", "workers", "max_concurrent", "max_characters", "character_limit"),
        *("grace", "log_format", "log_level", "fault", "fault_seed", "fault_rate"),
    }
)
"""Every setting of any command: one `aligner.toml` serves them all."""


def option(*names: str, **attributes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A click option that is also read from ``ALIGNER_NAME``."""
    name = next(name for name in names if name.startswith("--")).removeprefix("--").split("/")[0]
    variable = PREFIX + name.replace("-", "_").upper()
    return click.option(*names, envvar=variable, show_envvar=False, **attributes)


class Command(click.Command):
    """A command whose defaults come from `.env` and `aligner.toml`."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context, with what the files say as its defaults."""
        known = frozenset(parameter.name for parameter in self.params if parameter.name) - _NEVER
        extra["default_map"] = {**_toml(known), **_dotenv_settings(known)}
        return super().make_context(info_name, args, parent, **extra)


def key() -> Secret | None:
    """The key of the paid engine, from the environment or a `.env`."""
    return _secret(KEY)


def secrets() -> dict[str, Any]:
    """The key and the tokens, by the names that `aligner.Options` has for them.

    There is no option for any of them: a command line is seen by everybody on the machine, and kept in a history.
    """
    return {
        "key": _secret(KEY),
        "authorization": _secret(AUTHORIZATION),
        "single_use_token": _secret(SINGLE_USE_TOKEN),
    }


def _secret(name: str) -> Secret | None:
    value = os.environ.get(name) or _dotenv().get(name)
    return Secret(value) if value else None


def _above(name: str) -> Path | None:
    """The nearest file of that name, in this folder or above."""
    here = Path.cwd()
    return next((path for folder in (here, *here.parents) if (path := folder / name).is_file()), None)


def _toml(known: frozenset[str]) -> Mapping[str, object]:
    path = _above(_FILE)
    if path is None:
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot be read ({error})", str(path), "mend the file or remove it") from None
    checked = {_checked(name.replace("-", "_"), str(path)): _as_option(value) for name, value in values.items()}
    return {name: value for name, value in checked.items() if name in known}


def _checked(name: str, place: str) -> str:
    if name not in ALL:
        near = difflib.get_close_matches(name, ALL, 1, 0.5)
        raise UsageError(f"unknown setting {name!r}", place, f"did you mean {near[0]}?" if near else "remove it")
    return name


def _as_option(value: object) -> object:
    """A list in TOML is what an option has between commas."""
    return ",".join(map(str, value)) if isinstance(value, list) else value


def _dotenv() -> Mapping[str, str]:
    """What the nearest `.env` says; a name without a value says nothing, as in the environment."""
    path = _above(".env")
    if path is None:
        return {}
    # Only where there is such a file: start-up is counted in milliseconds.
    from dotenv import dotenv_values  # noqa: PLC0415

    try:
        return {name: value for name, value in dotenv_values(path).items() if value}
    except (OSError, UnicodeError) as error:
        # Not in the error's own words: they may quote the file, and a key stands in it.
        raise UsageError(f"cannot be read ({type(error).__name__})", str(path), "write it as UTF-8") from None


def _dotenv_settings(known: frozenset[str]) -> Mapping[str, object]:
    ours = {name: value for name, value in _dotenv().items() if name.startswith(PREFIX)}
    named = [name for name in ours if name not in {AUTHORIZATION, SINGLE_USE_TOKEN}]
    place = str(_above(".env"))
    given = {_checked(name.removeprefix(PREFIX).lower(), place): ours[name] for name in named}
    return {name: value for name, value in given.items() if name in known}
