"""What all sessions of one running service share, over the socket and over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aligner.speech.server.limits import Gate, Quota
from aligner.speech.server.operation.journal import Journal
from aligner.speech.server.terms import Stock
from aligner.speech.server.tokens import Tokens

if TYPE_CHECKING:
    from aligner.speech.server.operation.faults import Faults
    from aligner.speech.server.options import ServiceOptions
    from aligner.speech.server.voice.pool import Pool


@dataclass(frozen=True, slots=True)
class Premises:
    """One service."""

    options: ServiceOptions
    pool: Pool
    stock: Stock = field(default_factory=Stock)
    gate: Gate = field(default_factory=Gate)
    """Who is generating."""
    quota: Quota = field(default_factory=Quota)
    """Characters that were asked for so far."""
    tokens: Tokens = field(default_factory=Tokens)
    journal: Journal = field(default_factory=Journal)
    faults: Faults | None = None
    """What is done wrong on purpose."""
