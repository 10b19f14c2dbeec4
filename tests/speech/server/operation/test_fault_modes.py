"""What each mode makes of a generation, message by message, without a service."""

from __future__ import annotations

import base64
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Alignment, Chunk
from aligner.speech import messages
from aligner.speech.protocol import ClientSession, Opening
from aligner.speech.server.operation.fault_modes import MAKERS
from aligner.speech.server.operation.faults import MESSAGES, SESSIONS, Faults, Send

if TYPE_CHECKING:
    from collections.abc import Sequence

Message = dict[str, Any]

STEP = 50
TEXT = ["Hello ", "there, my dear ", "friend of mine. "]
KEEPS_TIMES = sorted(MAKERS.keys() - {"null-alignment", "unequal-arrays", "absolute", "tail", "partial-then-whole"})


def frames(texts: Sequence[str] = TEXT) -> list[bytes]:
    """One generation, as the service sends it: characters of 50 ms, 22 bytes of sound each, then a tail."""
    found = []
    for index, text in enumerate(texts):
        spoken = _alignment(text)
        said = spoken if index else _alignment(" " + text, (0,))
        found.append(messages.encode_audio(sound(len(text)), spoken, said))
    return [*found, messages.encode_audio(b"tail", None, None)]


def sound(characters: int) -> bytes:
    return bytes(range(22)) * characters


def _alignment(text: str, extra: tuple[int, ...] = ()) -> Alignment:
    times = [STEP * 1000 * place for place in range(len(text) - len(extra))]
    durations = [*extra, *[STEP * 1000] * len(times)]
    return Alignment(tuple(text), (*extra, *times), tuple(durations))


def told(*modes: str, texts: Sequence[str] = TEXT, seed: int = 0, rate: float = 1.0) -> list[bytes]:
    """What a client gets instead."""
    session = Faults(modes, seed, rate).session()
    plain = frames(texts)
    actions = [
        action for index, frame in enumerate(plain) for action in session.message(frame, last=index == len(plain) - 1)
    ]
    return [action.frame for action in actions if isinstance(action, Send)]


def read(*modes: str, texts: Sequence[str] = TEXT) -> list[Message]:
    return [json.loads(frame) for frame in told(*modes, texts=texts)]


def aligned(found: list[Message], name: str = "alignment") -> list[Message]:
    return [message[name] for message in found if message[name]]


def text(found: list[Message], name: str = "alignment") -> str:
    return "".join("".join(alignment["chars"]) for alignment in aligned(found, name))


def audio(found: list[Message]) -> bytes:
    return b"".join(base64.b64decode(message["audio"]) for message in found)


def starts(found: list[Message]) -> list[int]:
    base = 0
    times: list[int] = []
    for alignment in aligned(found):
        times.extend(base + start for start in alignment["charStartTimesMs"])
        durations = alignment.get("charDurationsMs") or alignment["charsDurationsMs"]
        base += alignment["charStartTimesMs"][-1] + durations[-1]
    return times


@pytest.mark.parametrize("mode", sorted(MAKERS.keys() - {"bad-base64"}))
def test_no_mode_loses_sound(mode: str) -> None:
    assert audio(read(mode)) == audio(read())


@pytest.mark.parametrize("mode", sorted(set(KEEPS_TIMES) - {"long-entries", "normalized-only"}))
def test_most_modes_keep_every_character_and_its_time(mode: str) -> None:
    found = read(mode)
    assert text(found) == "".join(TEXT)
    assert starts(found) == [STEP * place for place in range(len("".join(TEXT)))]


def test_null_alignment() -> None:
    assert aligned(read("null-alignment")) == aligned(read("null-alignment"), "normalizedAlignment") == []


def test_normalized_only() -> None:
    found = read("normalized-only")
    assert aligned(found) == []
    assert text(found, "normalizedAlignment") == " " + "".join(TEXT)


def test_first_only() -> None:
    found = read("first-only")
    assert [bool(message["alignment"]) for message in found] == [True, False, False, False]
    assert "".join(found[0]["normalizedAlignment"]["chars"]) == " " + "".join(TEXT)


def test_last_only() -> None:
    found = read("last-only")
    assert [bool(message["alignment"]) for message in found] == [False, False, False, True]
    assert "".join(found[3]["normalizedAlignment"]["chars"]) == " " + "".join(TEXT)


@pytest.mark.parametrize("mode", ["first-only", "last-only", "tail"])
def test_what_comes_behind_all_generations_is_not_held_back(mode: str) -> None:
    rest = messages.encode_audio(b"rest", None, None)
    session = Faults([mode]).session()
    assert [json.loads(action.frame) for action in session.message(rest, last=False) if isinstance(action, Send)] == [
        json.loads(rest)
    ]


def test_absolute() -> None:
    firsts = [alignment["charStartTimesMs"][0] for alignment in aligned(read("absolute"))]
    assert firsts == [0, STEP * len(TEXT[0]), STEP * len(TEXT[0] + TEXT[1])]


def test_partial_then_whole() -> None:
    found = aligned(read("partial-then-whole"))
    for partial, whole, sent in zip(found[::2], found[1::2], TEXT, strict=True):
        assert "".join(whole["chars"]) == sent
        assert sent.startswith("".join(partial["chars"]))
        assert len(partial["chars"]) < len(sent)
        assert whole["charStartTimesMs"][0] == partial["charStartTimesMs"][0] == 0


def test_split_words() -> None:
    found = aligned(read("split-words"))
    assert len(found) == 2 * len(TEXT)
    for first, second in zip(found[::2], found[1::2], strict=True):
        assert first["chars"][-1].isalpha()
        assert second["chars"][0].isalpha()
        assert second["charStartTimesMs"][0] == 0


def test_split_words_cuts_the_sound_where_it_cuts_the_characters() -> None:
    found = read("split-words")
    for message in found[:-1]:
        assert len(base64.b64decode(message["audio"])) == 22 * len(message["alignment"]["chars"])


def test_long_entries() -> None:
    found = aligned(read("long-entries"))
    assert found[0] == {"chars": ["Hel", "lo "], "charStartTimesMs": [0, 150], "charDurationsMs": [150, 150]}
    assert text(read("long-entries")) == "".join(TEXT)


def test_unequal_arrays() -> None:
    for alignment in aligned(read("unequal-arrays")):
        assert len(alignment["charDurationsMs"]) == len(alignment["chars"]) - 1


def test_documented_spelling() -> None:
    for alignment in aligned(read("documented-spelling")):
        assert set(alignment) == {"chars", "charStartTimesMs", "charsDurationsMs"}


def test_tail() -> None:
    found = aligned(read("tail"))
    assert [alignment["charDurationsMs"][-2:] for alignment in found] == [[STEP, STEP], [STEP, STEP], [0, 0]]
    assert found[2]["charStartTimesMs"][-2:] == [STEP * 14, STEP * 14]


def test_a_tail_of_nothing_but_signs_takes_no_time() -> None:
    (alignment,) = aligned(read("tail", texts=["… "]))
    assert alignment == {"chars": ["…", " "], "charStartTimesMs": [0, 0], "charDurationsMs": [0, 0]}


def test_empty_audio() -> None:
    found = read("empty-audio")
    assert [message["audio"] == "" for message in found] == [True, False] * 4
    assert all(message["alignment"] is None for message in found[1::2])


def test_split_audio() -> None:
    sizes = [len(base64.b64decode(message["audio"])) for message in read("split-audio")]
    assert sizes[0] % 2 == sizes[2] % 2 == 1


def test_is_final_false() -> None:
    assert {message["isFinal"] for message in read("is-final-false")} == {False}


def test_bad_base64() -> None:
    for message in read("bad-base64"):
        with pytest.raises(ValueError, match="base64"):
            base64.b64decode(message["audio"], validate=True)


def test_bad_json() -> None:
    for frame in told("bad-json"):
        with pytest.raises(ValueError, match="line 1"):
            json.loads(frame)


def test_large() -> None:
    found = told("large")
    assert {len(frame) for frame in found} == {2 << 20}
    assert audio([json.loads(frame) for frame in found]) == audio(read())


def test_modes_can_be_joined() -> None:
    found = read("split-words", "documented-spelling", "is-final-false")
    assert len(found) == 2 * len(TEXT) + 1
    assert all("charsDurationsMs" in alignment for alignment in aligned(found))
    assert {message["isFinal"] for message in found} == {False}


@given(
    st.lists(st.sampled_from(sorted(MAKERS.keys() - {"bad-base64"})), max_size=4, unique=True),
    st.lists(st.text(st.sampled_from("ab 1,."), min_size=1, max_size=9), min_size=1, max_size=4),
    st.integers(0, 99),
    st.sampled_from([0.0, 0.3, 1.0]),
)
def test_whatever_is_joined_is_still_a_message_that_a_client_reads(
    modes: list[str], texts: list[str], seed: int, rate: float
) -> None:
    session = ClientSession(Opening())
    events = [event for frame in told(*modes, texts=texts, seed=seed, rate=rate) for event in session.receive(frame)]
    chunks = [event for event in events if isinstance(event, Chunk)]
    assert len(chunks) == len(events)
    assert b"".join(chunk.audio for chunk in chunks) == sound(len("".join(texts))) + b"tail"
    for chunk in chunks:
        for one in filter(None, (chunk.alignment, chunk.normalized)):
            assert all(a <= b for a, b in pairwise(one.starts))


def test_every_mode_that_changes_messages_is_described() -> None:
    assert MAKERS.keys() <= MESSAGES.keys() | SESSIONS.keys()
