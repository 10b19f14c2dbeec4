"""What a client asks for over HTTP, read and checked before anything is spoken."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from aligner.errors import AlignerError, ProtocolError
from aligner.speech import address as addresses
from aligner.speech import messages
from aligner.speech.address import Address
from aligner.speech.messages import Locator, WireVoiceSettings  # noqa: TC001 - msgspec reads the types of a field
from aligner.speech.protocol import Opening
from aligner.speech.refusals import Refusal, Refused
from aligner.speech.server import coding, terms
from aligner.speech.server.relatives import models
from aligner.speech.server.relatives.place import PREMISES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp import web

    from aligner.speech.server.relatives.models import Model
    from aligner.speech.server.terms import Terms

BODY_BYTES: Final = 1 << 20
"""The longest body: 40,000 characters however they are spelled, and all settings."""

BODY_PATIENCE: Final = 30.0
"""Seconds for a body to arrive."""

_QUERY: Final = ("output_format", "enable_logging", "enable_ssml_parsing")
_SEED: Final = msgspec.Meta(ge=0, le=2**32 - 1)
_WAV: Final = "wav_"

_PATH: Final = re.compile(r"^(?P<said>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP: Final = re.compile(r"\.?([^.\[\]]+)")
_MISSING: Final = re.compile(r"missing required field `([^`]+)`")


class Invalid(AlignerError):
    """The request does not keep to the schema; HTTP 422. It never leaves the service's process."""

    def __init__(self, where: Sequence[str | int], said: str, kind: str = "value_error") -> None:
        super().__init__(said, ".".join(map(str, where)))
        self.details = [{"loc": list(where), "msg": said, "type": kind}]

    def __reduce__(self) -> tuple[type[Invalid], tuple[list[str | int], str, str]]:
        detail = self.details[0]
        return type(self), (detail["loc"], detail["msg"], detail["type"])  # type: ignore[return-value]  # as set above


class Body(msgspec.Struct):
    """The body of the four endpoints that speak; unknown fields are ignored, any but the text may be null."""

    text: str
    model_id: str | None = None
    language_code: str | None = None
    voice_settings: WireVoiceSettings | None = None
    pronunciation_dictionary_locators: Annotated[list[Locator], msgspec.Meta(max_length=3)] | None = None
    seed: Annotated[int, _SEED] | None = None
    apply_text_normalization: Literal["auto", "on", "off"] | None = None
    # Checked, and without meaning for this engine.
    previous_text: str | None = None
    next_text: str | None = None
    previous_request_ids: Annotated[list[str], msgspec.Meta(max_length=3)] | None = None
    next_request_ids: Annotated[list[str], msgspec.Meta(max_length=3)] | None = None
    apply_language_text_normalization: bool | None = None
    use_pvc_as_ivc: bool | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """Speech that was asked for and can be given."""

    text: str
    address: Address
    terms: Terms
    model: Model

    @property
    def cost(self) -> int:
        """Credits."""
        return self.model.cost(len(self.text))


_decoder = msgspec.json.Decoder(Body)


async def order(request: web.Request) -> Order:
    """What a request asks for.

    Raises:
        Invalid: query or body break the schema.
        Refused: it cannot be given: no such voice, format or dictionary, too much text.
        TimeoutError: the body does not arrive.
    """
    async with asyncio.timeout(BODY_PATIENCE):
        content = await request.read()
    body = parsed(content)
    address = _address(request, body)
    model = models.find(body.model_id)
    _measure(body.text, model)
    return Order(body.text, address, _terms(address, body, request.app[PREMISES].stock), model)


def parsed(content: bytes) -> Body:
    """A body.

    Raises:
        Invalid: it is no JSON, or a field has a wrong type or range.
    """
    try:
        return _decoder.decode(content)
    except msgspec.ValidationError as error:
        raise _invalid(str(error)) from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid(("body",), f"JSON decode error: {error}", "json_invalid") from None


def _invalid(error: str) -> Invalid:
    """`msgspec` says what is wrong in a sentence with a path; the schema wants them apart."""
    found = _PATH.match(error)
    assert found  # noqa: S101 - the pattern matches any text; for mypy
    where: list[str | int] = ["body"]
    where += [int(step) if step.isdigit() else step for step in _STEP.findall(found["path"] or "")]
    if missing := _MISSING.search(found["said"]):
        return Invalid([*where, missing[1]], "Field required", "missing")
    return Invalid(where, found["said"], "type_error" if ", got `" in found["said"] else "value_error")


def _address(request: web.Request, body: Body) -> Address:
    asked = {name: _asked(name, request.query[name]) for name in _QUERY if name in request.query}
    address = Address(request.match_info["voice_id"], **asked)  # type: ignore[arg-type]  # each has its field's type
    return replace(
        address,
        model_id=body.model_id,
        language_code=body.language_code,
        sync_alignment=True,
        apply_text_normalization=body.apply_text_normalization or address.apply_text_normalization,
        seed=body.seed,
    )


def _asked(name: str, value: str) -> object:
    try:
        return addresses.read(name, value)
    except ProtocolError as error:
        raise Invalid(("query", name), error.problem) from None


def _measure(text: str, model: Model) -> None:
    if not text.strip():
        raise Refused(Refusal("input_text_empty", "The text is empty."))
    if len(text) > model.longest:
        problem = f"The text has {len(text)} characters; the model {model.model_id} takes {model.longest} a request."
        raise Refused(Refusal("max_character_limit_exceeded", problem))


def _terms(address: Address, body: Body, stock: terms.Stock) -> Terms:
    locators = body.pronunciation_dictionary_locators or ()
    opening = Opening(
        messages.from_wire_settings(body.voice_settings),
        dictionaries=tuple((one.pronunciation_dictionary_id, one.version_id) for one in locators),
    )
    if not address.output_format.startswith(_WAV):
        return terms.admit(address, opening, stock)
    # The socket has no wav, so its terms are made for the plain sound, and the file's head is put around it.
    plain = replace(address, output_format="pcm_22050")
    return replace(terms.admit(plain, opening, stock), coder=coding.coder(address.output_format, http=True))
