"""A misbehaving service as its clients see it: every mode on the wire, and what our own client makes of it."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from fakes.talk import say, target
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from aligner.errors import ConnectionFailed, IncompleteSpeech, ServiceBusy, ServiceRefused, SpeechError, UsageError
from aligner.speech import stream
from aligner.speech.address import Address
from aligner.speech.protocol import Opening
from aligner.speech.server.app import Service, serve
from aligner.speech.server.operation import faults
from aligner.speech.server.operation.fault_modes import MAKERS
from aligner.speech.server.operation.faults import LATEST, MODES, Abort, Close, Faults, Refuse, Send, Stall, Wait
from aligner.speech.server.options import ServiceOptions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from aligner.speech.server.operation.faults import Action

TEXT = "One sentence for the voice to say, and then a second half of it. " * 3
FINAL = {"audio": None, "isFinal": True, "alignment": None, "normalizedAlignment": None}


@dataclass
class Wire:
    """All that came over it."""

    frames: list[bytes] = field(default_factory=list)
    code: int | None = None
    reason: str = ""
    silent: bool = False

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(frame) for frame in self.frames]

    @property
    def alignments(self) -> list[dict[str, Any]]:
        return [message["alignment"] for message in self.messages if message.get("alignment")]

    @property
    def last(self) -> dict[str, Any]:
        return self.messages[-1]


def with_faults(use: Callable[[Service], Awaitable[Any]], *modes: str, seed: int = 0, rate: float = 1.0) -> Any:
    async def run() -> Any:
        async with serve(ServiceOptions(workers=1, faults=Faults(modes, seed, rate))) as service:
            return await use(service)

    return asyncio.run(run())


async def listen(service: Service, text: str = TEXT, silence: float = 5.0) -> Wire:
    """One session, frame by frame; ``silent`` where nothing came for so many seconds."""
    wire = Wire()
    async with connect(service.url + target(), max_size=None, compression=None) as socket:
        await say(socket, " ", text, "")
        try:
            while True:
                async with asyncio.timeout(silence):
                    wire.frames.append(await socket.recv(decode=False))
        except TimeoutError:
            wire.silent = True
            socket.transport.abort()
        except ConnectionClosed:
            wire.code, wire.reason = socket.close_code, socket.close_reason or ""
    return wire


def heard(*modes: str, silence: float = 5.0, **settings: Any) -> Wire:
    found = with_faults(lambda service: listen(service, silence=silence), *modes, **settings)
    assert isinstance(found, Wire)
    return found


# -- what the client sees of each mode ---------------------------------------------------------------------------------

CHECKS: dict[str, Callable[[Wire, Wire], bool]] = {
    "null-alignment": lambda wire, _: not wire.alignments and wire.last == FINAL,
    "normalized-only": lambda wire, _: not wire.alignments and bool(wire.messages[0]["normalizedAlignment"]),
    "partial-then-whole": lambda wire, plain: (
        [alignment["chars"] for alignment in wire.alignments[1::2]]
        == [alignment["chars"] for alignment in plain.alignments]
    ),
    "split-words": lambda wire, plain: (
        len(wire.alignments) == 2 * len(plain.alignments) and wire.alignments[0]["chars"][-1].isalpha()
    ),
    "long-entries": lambda wire, _: len(wire.alignments[0]["chars"][0]) == 3,
    "unequal-arrays": lambda wire, _: all(
        len(alignment["chars"]) - len(alignment["charDurationsMs"]) == 1 for alignment in wire.alignments
    ),
    "documented-spelling": lambda wire, _: all("charsDurationsMs" in alignment for alignment in wire.alignments),
    "empty-audio": lambda wire, _: wire.messages[0]["audio"] == "" and bool(wire.messages[0]["alignment"]),
    "split-audio": lambda wire, _: len(base64.b64decode(wire.messages[0]["audio"])) % 2 == 1,
    "is-final-false": lambda wire, _: wire.messages[0]["isFinal"] is False and wire.last == FINAL,
    "bad-base64": lambda wire, _: wire.messages[0]["audio"].startswith("%"),
    "bad-json": lambda wire, _: wire.frames[0].startswith(b'{"audio"') and not wire.frames[0].endswith(b"}"),
    "large": lambda wire, _: len(wire.frames[0]) == faults.LARGE,
    "slow": lambda wire, plain: wire.frames == plain.frames,
    "first-only": lambda wire, _: (
        "".join(wire.alignments[0]["chars"]) == TEXT and len(wire.messages) > 3 and len(wire.alignments) == 1
    ),
    "last-only": lambda wire, _: "".join(wire.messages[-2]["alignment"]["chars"]) == TEXT and len(wire.alignments) == 1,
    "absolute": lambda wire, plain: (
        [alignment["charStartTimesMs"][0] for alignment in wire.alignments] != [0] * len(plain.alignments)
        and len(wire.alignments) > 1
    ),
    "tail": lambda wire, _: wire.alignments[-1]["charDurationsMs"][-1] == 0,
    "no-final": lambda wire, plain: wire.code == 1000 and wire.messages == plain.messages[:-1],
    "drop": lambda wire, _: wire.code == 1006 and len(wire.frames) <= LATEST,
    "stall": lambda wire, _: wire.silent and len(wire.frames) <= LATEST,
    "close-1008": lambda wire, _: wire.code == 1008 and wire.reason.startswith("We are sorry, something went wrong."),
    "close-1009": lambda wire, _: wire.code == 1009,
    "close-1011": lambda wire, _: wire.code == 1011,
    "quota": lambda wire, _: (
        wire.code == 1008
        and wire.last["error"] == "quota_exceeded"
        and wire.reason.startswith("This request exceeds your quota of")
        and len(wire.frames) > 1
    ),
    "internal": lambda wire, _: wire.code == 1008 and wire.last["error"] == "internal_error",
    "busy": lambda wire, _: (
        wire.code == 1008 and [m["error"] for m in wire.messages] == ["too_many_concurrent_requests"]
    ),
}


@pytest.fixture(scope="module")
def plain() -> Wire:
    """The same session with a service that behaves."""
    wire = heard()
    assert (wire.code, wire.last) == (1000, FINAL)
    return wire


@pytest.mark.parametrize("mode", CHECKS)
def test_a_mode_on_the_wire(mode: str, plain: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "SLOW", 0.02)
    wire = heard(mode, silence=0.7 if mode == "stall" else 5.0)
    assert CHECKS[mode](wire, plain)


def test_busy_can_also_come_before_the_upgrade() -> None:
    with pytest.raises(InvalidStatus) as refused:
        heard("busy-429")
    response = refused.value.response
    assert response.status_code == 429
    assert json.loads(response.body)["detail"]["status"] == "too_many_concurrent_requests"


def test_every_mode_is_checked() -> None:
    assert CHECKS.keys() | {"busy-429"} == MODES.keys()
    assert MAKERS.keys() < MODES.keys()


# -- our own client ----------------------------------------------------------------------------------------------------

HARMLESS = (MAKERS.keys() - {"bad-base64"}) | {"large", "slow", "no-final"}
ENDINGS: dict[str, type[SpeechError]] = {
    "busy": ServiceBusy,
    "busy-429": ServiceBusy,
    "quota": ServiceRefused,
    "drop": ConnectionFailed,
    "close-1008": ConnectionFailed,
    "close-1011": ConnectionFailed,
    "internal": ConnectionFailed,
}


async def spoken(service: Service) -> bytes:
    limits = stream.Limits(stall=1.0, attempts=1)
    address = Address("en-us", output_format="pcm_22050", sync_alignment=True)
    found = await stream.speak(stream.Call(service.url, address, Opening(), limits=limits), TEXT)
    return b"".join(chunk.audio for chunk in found.chunks)


@pytest.mark.parametrize("mode", sorted(HARMLESS))
def test_our_client_brings_home_all_sound(mode: str, plain: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "SLOW", 0.02)
    sound = with_faults(spoken, mode)
    assert abs(len(sound) - sum(len(base64.b64decode(m["audio"])) for m in plain.messages if m["audio"])) < 22_050


@pytest.mark.parametrize("mode", sorted(MODES.keys() - HARMLESS))
def test_our_client_ends_with_an_error_that_says_why(mode: str) -> None:
    with pytest.raises(SpeechError) as error:
        with_faults(spoken, mode)
    assert isinstance(error.value, ENDINGS.get(mode, SpeechError))
    assert not isinstance(error.value, IncompleteSpeech)


# -- who is hit --------------------------------------------------------------------------------------------------------


def course(seed: int, rate: float, *modes: str) -> list[list[Action]]:
    """What twenty sessions of four messages are told to do."""
    service = Faults(modes or ("drop", "bad-json", "slow"), seed, rate)
    found = []
    for _ in range(20):
        session = service.session()
        frames = [json.dumps({"audio": "", "number": number}).encode() for number in range(4)]
        found.append([action for frame in frames for action in session.message(frame, last=False)])
    return found


def test_a_seed_can_be_had_again() -> None:
    assert course(7, 0.5) == course(7, 0.5)
    assert course(7, 0.5) != course(8, 0.5)


def test_one_mode_does_not_change_the_course_of_another() -> None:
    def dropped(*modes: str) -> list[bool]:
        return [Abort() in actions for actions in course(3, 0.5, *modes)]

    assert dropped("drop") == dropped("drop", "slow", "bad-json")


def test_the_rate_is_the_share_that_is_hit() -> None:
    service = Faults(["stall", "bad-json"], rate=0.25)
    sessions = [service.session() for _ in range(400)]
    assert 70 <= sum("stall" in session.hit for session in sessions) <= 130
    calm = next(session for session in sessions if "stall" not in session.hit)
    frame = b'{"audio": ""}'
    sent = [action for _ in range(400) for action in calm.message(frame, last=False)]
    assert 70 <= sum(action != Send(frame) for action in sent) <= 130


def test_without_a_rate_nobody_is_hit() -> None:
    frame = b'{"audio": null}'
    session = Faults(list(MODES), rate=0.0).session()
    assert list(session.opening()) == []
    assert list(session.final(frame)) == [Send(frame)]


def test_what_ends_a_session_comes_before_its_final_message_at_the_latest() -> None:
    places = set()
    for seed in range(20):
        session = Faults(["drop"], seed).session()
        frames = [list(session.message(b"{}", last=False)) for _ in range(LATEST + 2)]
        places.add(frames.index([Abort()]))
        assert list(session.final(b"{}")) == [Abort()]
    assert places == {1, 2, 3}


def test_the_upgrade_is_refused_by_its_own_count() -> None:
    service = Faults(["busy-429"], rate=0.5)
    found = [service.upgrade() for _ in range(100)]
    assert 30 < sum(found) < 70
    assert not any(Faults(["drop"]).upgrade() for _ in range(5))


@pytest.mark.parametrize(("mode", "mend"), [("dorp", "did you mean drop?"), ("?!", "")])
def test_a_mode_that_does_not_exist_is_wrong_usage(mode: str, mend: str) -> None:
    with pytest.raises(UsageError, match="unknown fault") as error:
        Faults([mode])
    assert (error.value.place, error.value.mend) == ("--fault", mend)


def test_all_actions_are_values() -> None:
    assert Send(b"a") == Send(b"a")
    assert len({Wait(1), Stall(), Abort(), Close(1009, ""), Close(1009, "")}) == 4
    assert all(a != b for a, b in pairwise([Stall(), Abort(), Stall()]))
    assert list(Faults(["busy"]).session().opening()) == [Refuse(faults.BUSY)]
