from __future__ import annotations

import random
from itertools import accumulate, pairwise

import pytest
from fakes.sounds import babble, mp3, ogg_opus
from hypothesis import given
from hypothesis import strategies as st

from aligner.audio import Mp3Encoder, OpusEncoder, frames, measure, parse_format
from aligner.errors import AudioError

PCM = parse_format("pcm_16000")


@given(st.lists(st.binary(max_size=9), max_size=12))
def test_pcm_is_counted_in_whole_samples_however_it_is_cut(pieces: list[bytes]) -> None:
    total = sum(map(len, pieces))
    if not total:
        with pytest.raises(AudioError):
            measure(PCM, pieces)
        return
    sound = measure(PCM, pieces)
    assert sound.samples == total // 2
    assert list(sound.ends) == [size // 2 for size in accumulate(map(len, pieces))]
    assert (sound.streams, sound.slack, sound.lag, sound.padding) == ((0,), 0, 0, 0)


@given(st.lists(st.binary(max_size=9), max_size=12))
def test_a_byte_of_a_law_is_a_sample(pieces: list[bytes]) -> None:
    if any(pieces):
        sound = measure(parse_format("ulaw_8000"), pieces)
        assert sound == measure(parse_format("alaw_8000"), pieces)
        assert (sound.rate, sound.samples, sound.slack, sound.lag) == (8000, sum(map(len, pieces)), 0, 0)
        assert list(sound.ends) == list(accumulate(map(len, pieces)))


@pytest.mark.parametrize("pieces", [[], [b""], [b"", b""]])
@pytest.mark.parametrize("name", ["pcm_16000", "mp3_44100_128", "opus_48000_64", "ulaw_8000"])
def test_no_sound_is_an_error(name: str, pieces: list[bytes]) -> None:
    with pytest.raises(AudioError, match="no sound"):
        measure(parse_format(name), pieces)


@pytest.mark.parametrize("name", ["mp3_44100_128", "opus_48000_64"])
def test_what_holds_no_frame_is_an_error_that_names_the_format(name: str) -> None:
    with pytest.raises(AudioError, match="--speech-format"):
        measure(parse_format(name), [babble(16000, 0.1)])


def test_a_change_of_rate_inside_a_session_is_an_error() -> None:
    data = mp3(44100, 128, babble(44100, 0.5)) + mp3(22050, 64, babble(22050, 0.5))
    with pytest.raises(AudioError, match=r"44100 Hz mono to 22050 Hz mono"):
        measure(parse_format("mp3_44100_128"), [data])


@pytest.mark.parametrize(
    "name", ["mp3_44100_32", "mp3_44100_64", "mp3_44100_96", "mp3_44100_128", "mp3_22050_32", "mp3_24000_48"]
)
def test_every_stream_of_several_encoders_is_found_and_only_those(name: str) -> None:
    wanted = parse_format(name)
    kbps = wanted.bit_rate or 0
    sounds = [babble(wanted.sample_rate, 1 + number / 2, number) for number in range(5)]
    # Silence at both ends is what generations have, and what a bit reservoir could be mistaken in.
    still = bytes(wanted.sample_rate)
    streams = [mp3(wanted.sample_rate, kbps, still + sound + still) for sound in sounds]
    counts = [len(frames.scan(stream).frames) for stream in streams]
    samples = frames.scan(streams[0]).frames[0].header.parameters.samples
    sound = measure(wanted, [b"".join(streams)])
    assert list(sound.streams) == [0, *(count * samples for count in accumulate(counts[:-1]))]
    assert sound.samples == sum(counts) * samples
    alone = measure(wanted, [mp3(wanted.sample_rate, kbps, b"".join([still, *sounds, still]))])
    assert alone.streams == (0,)


def test_an_encoder_without_a_reservoir_has_no_starts_to_be_seen() -> None:
    stream = mp3(44100, 192, babble(44100, 2))
    assert measure(parse_format("mp3_44100_192"), [stream, stream]).streams == (0,)


def test_a_tag_starts_a_stream() -> None:
    stream = mp3(44100, 192, babble(44100, 1))
    tag = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10)
    count = len(frames.scan(stream).frames)
    sound = measure(parse_format("mp3_44100_192"), [tag + stream + tag + stream])
    assert sound.streams == (0, count * 1152)
    assert sound.samples == 2 * count * 1152


@pytest.mark.parametrize("name", ["mp3_44100_128", "mp3_44100_192", "mp3_22050_32", "mp3_16000_32"])
def test_the_end_of_a_message_is_known_to_half_a_frame(name: str) -> None:
    wanted = parse_format(name)
    chance = random.Random(5)  # noqa: S311 - the same again, not a secret
    sound = babble(wanted.sample_rate, 30)
    encoder = Mp3Encoder(wanted.sample_rate, wanted.bit_rate or 0)
    marks = [0]
    while marks[-1] < len(sound):
        marks.append(min(len(sound), marks[-1] + 2 * chance.randint(4000, 50000)))
    # A service sends at pauses, so each message ends in silence.
    pause = bytes(wanted.sample_rate // 2)
    fed = [sound[a:b] + pause for a, b in pairwise(marks)]
    pieces = [encoder.encode(piece) for piece in fed]
    pieces[-1] += encoder.flush()
    found = measure(wanted, pieces)
    frame = 1152 if wanted.sample_rate >= 32000 else 576
    for given_in, counted in list(zip(accumulate(map(len, fed)), found.ends, strict=True))[:-1]:
        assert abs(given_in // 2 - counted - found.lag) <= frame // 2 + 16
    surplus = found.samples - sum(map(len, fed)) // 2
    assert found.padding <= surplus <= found.slack


@given(st.lists(st.integers(0, 10**6), max_size=10))
def test_ends_ascend_to_the_whole_however_mp3_is_cut(cuts: list[int]) -> None:
    marks = [0, *sorted(cut % len(STREAM) for cut in cuts), len(STREAM)]
    sound = measure(parse_format("mp3_22050_32"), [STREAM[a:b] for a, b in pairwise(marks)])
    assert list(sound.ends) == sorted(sound.ends)
    assert sound.ends[-1] == sound.samples == len(frames.scan(STREAM).frames) * 576


def test_the_end_of_a_message_of_opus_is_known_to_half_a_packet() -> None:
    chance = random.Random(5)  # noqa: S311 - the same again, not a secret
    fed = [babble(48000, chance.uniform(0.05, 1), number) for number in range(20)]
    encoder = OpusEncoder(64)
    pieces = [encoder.encode(piece) for piece in fed]
    pieces[-1] += encoder.flush()
    found = measure(OPUS, pieces)
    whole = list(accumulate(len(piece) // 2 for piece in fed))
    away = [abs(given_in - end - found.lag) for given_in, end in zip(whole, found.ends, strict=True)]
    assert max(away[:-1]) <= 480
    assert (found.samples, found.ends[-1]) == (whole[-1], whole[-1])
    assert (found.lag, found.slack, found.padding, found.streams) == (312 + 480, 0, 0, (0,))


@given(st.lists(st.integers(0, 10**6), max_size=10))
def test_ends_ascend_to_the_whole_however_opus_is_cut(cuts: list[int]) -> None:
    marks = [0, *sorted(cut % len(OGG) for cut in cuts), len(OGG)]
    sound = measure(OPUS, [OGG[a:b] for a, b in pairwise(marks)])
    assert list(sound.ends) == sorted(sound.ends)
    assert sound.ends[-1] == sound.samples == 2 * 24000


def test_every_opus_stream_of_a_chain_begins_where_its_sound_does() -> None:
    sounds = [babble(48000, seconds) for seconds in (0.5, 0.3123, 1)]
    sound = measure(OPUS, [b"".join(ogg_opus(64, pcm) for pcm in sounds)])
    assert [*sound.streams, sound.samples] == [0, *accumulate(len(pcm) // 2 for pcm in sounds)]


OPUS = parse_format("opus_48000_64")
OGG = ogg_opus(64, babble(48000, 0.5)) * 2
STREAM = mp3(22050, 32, babble(22050, 2))
