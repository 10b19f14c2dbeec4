from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from fakes.clicks import heard
from fakes.sounds import babble, clicks, mp3, ogg_opus, play

from aligner import clock
from aligner.audio import Track, frames, g711, parse_format
from aligner.errors import AudioError

if TYPE_CHECKING:
    from aligner.model import AudioFile

PCM = ["pcm_8000", "pcm_16000", "pcm_22050", "pcm_44100"]
DECODED = ["ulaw_8000", "alaw_8000", "opus_48000_64", "opus_48000_192"]
FORMATS = [*PCM, *DECODED, "mp3_22050_32", "mp3_44100_128", "mp3_44100_192"]


def written(name: str, sounds: list[bytes]) -> tuple[bytes, list[int], AudioFile]:
    """A whole file, the offset of each sound in it, and what the track says of it."""
    file = io.BytesIO()
    track = Track.open(file, parse_format(name))
    offsets = [track.add([sound[:1001], b"", sound[1001:]]) for sound in sounds]
    told = track.close()
    assert file.tell() == len(file.getvalue())
    return file.getvalue(), offsets, told


def spoken(name: str, pcm: bytes) -> bytes:
    wanted = parse_format(name)
    kbps = wanted.bit_rate or 0
    match wanted.codec:
        case "mp3":
            return mp3(wanted.sample_rate, kbps, pcm)
        case "opus":
            return ogg_opus(kbps, pcm)
        case "ulaw" | "alaw" as law:
            return g711.encode(law, pcm)
        case _:
            return pcm


@pytest.mark.parametrize("name", FORMATS)
def test_a_player_hears_each_sample_where_the_offsets_say(name: str) -> None:
    rate = parse_format(name).sample_rate
    sounds = [clicks(rate, seconds) for seconds in (2.3, 3.111, 1.7)]
    data, offsets, told = written(name, [spoken(name, pcm) for pcm, _ in sounds])
    samples = play(data, rate)
    assert told.sample_rate == rate
    assert abs(clock.from_samples(len(samples), rate) - told.duration) <= 1
    truth = [at / clock.SECOND + n / rate for at, (_, begins) in zip(offsets, sounds, strict=True) for n in begins]
    found = heard(samples, rate)
    assert len(found) == len(truth)
    assert max(abs(a - b) for a, b in zip(found, truth, strict=True)) < 0.0005


def test_sound_that_was_pcm_has_its_exact_length_and_no_seams() -> None:
    _, offsets, told = written("pcm_16000", [bytes(2 * 16000), bytes(2 * 4001), bytes(3)])
    assert offsets == [0, clock.SECOND, clock.from_samples(20001, 16000)]
    assert told.duration == clock.from_samples(20002, 16000)


@pytest.mark.parametrize("name", DECODED)
def test_what_is_decoded_has_the_exact_length_of_what_was_spoken(name: str) -> None:
    rate = parse_format(name).sample_rate
    counts = [rate + 1, 4001, 7]
    sounds = [spoken(name, bytes(2 * count)) for count in counts]
    _, offsets, told = written(name, sounds)
    assert offsets == [clock.from_samples(sum(counts[:number]), rate) for number in range(3)]
    assert told.duration == clock.from_samples(sum(counts), rate)


@pytest.mark.parametrize("name", FORMATS)
def test_a_track_without_a_file_counts_the_same(name: str) -> None:
    rate = parse_format(name).sample_rate
    sounds = [spoken(name, babble(rate, seconds)) for seconds in (0.4, 0.7)]
    _, offsets, told = written(name, sounds)
    track = Track.open(None, parse_format(name))
    assert [track.add([sound]) for sound in sounds] == offsets
    assert track.close() == told


def test_each_join_of_mp3_is_counted_in_frames() -> None:
    stream = mp3(44100, 128, babble(44100, 1))
    count = len(frames.scan(stream).frames)
    _, offsets, told = written("mp3_44100_128", [stream] * 4)
    assert offsets == [clock.from_samples(number * count * 1152, 44100) for number in range(4)]
    assert told.duration == clock.from_samples(4 * count * 1152 - 1105, 44100)


def test_joining_takes_the_frames_as_they_are_and_nothing_else() -> None:
    first, second = (mp3(44100, 128, babble(44100, 1, seed)) for seed in (1, 2))
    tag = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10)
    data, _, _ = written("mp3_44100_128", [tag + first + b"TAG" + bytes(125), second + second[:99]])
    start = frames.scan(data).frames[0].start
    assert data[start:] == first + second


def test_a_session_with_an_info_frame_of_its_own_is_joined_without_it() -> None:
    stream = mp3(44100, 128, babble(44100, 1))
    file, _, _ = written("mp3_44100_128", [stream])
    again, offsets, _ = written("mp3_44100_128", [file, file])
    assert len(frames.scan(again).frames) == 2 * len(frames.scan(stream).frames)
    assert again.count(b"LAME3.100") == 1 + 2 * stream.count(b"LAME3.100")
    assert offsets[0] == 0


def test_frames_that_do_not_lie_end_to_end_are_joined_too() -> None:
    stream = mp3(44100, 128, babble(44100, 1))
    cut = frames.scan(stream).frames[7].start
    data, _, _ = written("mp3_44100_128", [stream[:cut] + b"a hole" + stream[cut:]])
    assert data.endswith(stream)


def test_a_session_of_another_rate_is_refused() -> None:
    track = Track.open(io.BytesIO(), parse_format("mp3_44100_128"))
    track.add([mp3(44100, 128, babble(44100, 0.5))])
    with pytest.raises(AudioError, match="22050 Hz mono cannot be joined to mp3 of 44100 Hz mono"):
        track.add([mp3(22050, 64, babble(22050, 0.5))])


@pytest.mark.parametrize("pieces", [[], [b""], [b"x"]])
@pytest.mark.parametrize("name", ["pcm_16000", "mp3_44100_128", "opus_48000_64"])
def test_a_session_without_sound_is_refused(name: str, pieces: list[bytes]) -> None:
    track = Track.open(io.BytesIO(), parse_format(name))
    with pytest.raises(AudioError):
        track.add(pieces)
    with pytest.raises(AudioError, match="empty"):
        track.close()


def test_the_file_may_begin_behind_other_bytes() -> None:
    file = io.BytesIO(b"front")
    file.seek(5)
    track = Track.open(file, parse_format("pcm_16000"))
    track.add([babble(16000, 1)])
    track.close()
    assert file.getvalue().startswith(b"front\xff")
    assert len(play(file.getvalue()[5:], 16000)) == 16000
