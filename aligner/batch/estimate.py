"""What a run would do and cost, without speaking: `aligner run --dry-run`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aligner import clock
from aligner.batch.plan import formats, plan
from aligner.batch.prepare import check, prepare
from aligner.documents import segments
from aligner.errors import AlignerError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from aligner.batch.options import Options
    from aligner.batch.plan import Item
    from aligner.batch.stock import Stock
    from aligner.speech.engines import Engine

# Characters spoken a second at speed 1, measured on the embedded voices over a page of prose each.
_CHARACTERS_A_SECOND: Final = {"zh": 3.7, "ja": 4.6, "ko": 6.0}
_DEFAULT_CHARACTERS_A_SECOND: Final = 15.3
# Flash and turbo models cost half a credit a character, the others one (the service's price list).
_HALF_PRICE: Final = ("flash", "turbo")


@dataclass(frozen=True, slots=True)
class Estimate:
    """One document: what would be sent, how long it would sound, what a paid engine would bill."""

    source: str
    characters: int = 0
    segments: int = 0
    duration: int = 0
    """Microseconds of sound, estimated."""
    credits: int = 0
    """Characters that a paid engine would bill for this model."""
    up_to_date: bool = False
    """Nothing would be spoken: the files are there and were made of the same."""
    error: AlignerError | None = None


def estimate(inputs: Sequence[str], out: Path, options: Options) -> tuple[Estimate, ...]:
    """The plan of a run, document by document, with the same checks.

    Raises:
        UsageError: wrong settings or inputs.
    """
    engine = options.resolved()
    items = plan(inputs, out, formats(options.formats))
    stock = check(options, engine)
    return tuple(_one(item, options, engine, stock) for item in items)


def _one(item: Item, options: Options, engine: Engine, stock: Stock) -> Estimate:
    try:
        ready = prepare(item, options, engine, stock)
    except AlignerError as error:
        return Estimate(item.source, error=error)
    text, language = ready.document.text, ready.document.language
    if ready.up_to_date and not options.force:
        return Estimate(item.source, len(text), up_to_date=True)
    rate = _CHARACTERS_A_SECOND.get(language.split("-")[0], _DEFAULT_CHARACTERS_A_SECOND)
    speed = ready.call.opening.voice_settings.speed or 1
    model = ready.call.address.model_id or ""
    return Estimate(
        item.source,
        len(text),
        len(segments.cut(text, language, options.segment_size, ready.document.markup)),
        clock.from_seconds(len(text) / rate / speed),
        -(-len(text) // 2) if any(name in model for name in _HALF_PRICE) else len(text),
    )
