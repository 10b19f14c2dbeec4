"""The models by their names in the live service. Pure.

All of them are the one embedded engine; what differs is what a client can see: the longest text of a request, the
price, the languages (protocol, limits).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DEFAULT: Final = "eleven_multilingual_v2"


@dataclass(frozen=True, slots=True)
class Model:
    """One model."""

    model_id: str
    name: str
    description: str
    longest: int
    """Characters of one request over HTTP."""
    price: float = 1.0
    """Credits a character."""
    english: bool = False
    """It is listed for English alone."""

    def cost(self, characters: int) -> int:
        """Credits that so many characters cost, rounded up."""
        return -int(-characters * self.price // 1)


MODELS: Final = (
    Model("eleven_v3", "Eleven v3", "Not for the WebSocket; over HTTP as any other here.", 5_000),
    Model(DEFAULT, "Eleven Multilingual v2", "Every language that the embedded voices speak.", 10_000),
    Model("eleven_flash_v2_5", "Eleven Flash v2.5", "Every language, at half the price.", 40_000, 0.5),
    Model("eleven_turbo_v2_5", "Eleven Turbo v2.5", "Every language, at half the price.", 40_000, 0.5),
    Model("eleven_flash_v2", "Eleven Flash v2", "English, at half the price.", 30_000, 0.5, english=True),
    Model("eleven_turbo_v2", "Eleven Turbo v2", "English, at half the price.", 30_000, 0.5, english=True),
)

_BY_ID: Final = {model.model_id: model for model in MODELS}


def find(model_id: str | None) -> Model:
    """The model of an id; an unknown one is like the default, as on the socket."""
    return _BY_ID.get(model_id or DEFAULT, _BY_ID[DEFAULT])
