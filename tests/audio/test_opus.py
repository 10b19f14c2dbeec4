from __future__ import annotations

import io
from itertools import pairwise

import av
import numpy as np
import pytest
from fakes.sounds import babble, ogg_opus
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.audio import OpusEncoder, ogg, opus
from aligner.errors import AudioError

SOUND = babble(48000, 0.6)
WHOLE = ogg_opus(64, SOUND)


def muxed(pcm: bytes, page_duration: int, layout: str = "mono") -> bytes:
    """What FFmpeg makes: pages of several packets, tags of its own."""
    file = io.BytesIO()
    with av.open(file, "w", format="ogg", options={"page_duration": str(page_duration)}) as container:
        stream = container.add_stream("libopus", rate=48000, layout=layout)
        wave = np.frombuffer(pcm, "<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 1 + (layout == "stereo"), 1), format="s16", layout=layout)
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


@settings(max_examples=20)
@given(st.lists(st.integers(0, len(SOUND)), max_size=12))
def test_the_stream_does_not_depend_on_where_its_sound_was_cut(cuts: list[int]) -> None:
    marks = [0, *sorted(cuts), len(SOUND)]
    encoder = OpusEncoder(64)
    assert b"".join([*(encoder.encode(SOUND[a:b]) for a, b in pairwise(marks)), encoder.flush()]) == WHOLE


@pytest.mark.parametrize("count", [1, 2, 647, 648, 649, 959, 960, 961, 28_800])
def test_every_sample_is_heard_and_not_one_more(count: int) -> None:
    data = ogg_opus(64, SOUND[: 2 * count])
    assert len(opus.decode(data)) == 2 * count
    with av.open(io.BytesIO(data), "r") as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) == count


@pytest.mark.parametrize("kbps", opus.KBPS)
def test_sound_comes_back_in_its_place(kbps: int) -> None:
    sent = np.frombuffer(SOUND, "<i2").astype(float)
    heard = np.frombuffer(opus.decode(ogg_opus(kbps, SOUND)), "<i2").astype(float)
    window = slice(2000, 26000)
    likeness = [float(np.dot(sent[window], np.roll(heard, -shift)[window])) for shift in range(-100, 101)]
    assert int(np.argmax(likeness)) - 100 == 0


@pytest.mark.parametrize("kbps", opus.KBPS)
def test_the_bit_rate_is_about_the_one_asked_for(kbps: int) -> None:
    buzz = (np.arange(4 * 48_000) * 110 % 48_000 / 3 - 8_000).astype("<i2").tobytes()
    for sound in (SOUND * 4, buzz):
        size = sum(len(packet.data) for stream in opus.scan(ogg_opus(kbps, sound)) for packet in stream.packets)
        assert 0.6 * kbps < size * 8 / 1000 / (len(sound) / 96_000) < 1.2 * kbps


def test_a_page_goes_out_as_soon_as_its_sound_is_there() -> None:
    encoder = OpusEncoder(64)
    assert encoder.encode(SOUND[:1918]) == b""
    first = encoder.encode(SOUND[1918:1920])
    assert [len(page.packets) for page in ogg.read(first)] == [1, 1, 1]
    assert first.startswith(b"OggS\0\2")
    assert len(list(ogg.read(encoder.encode(SOUND[1920 : 4 * 1920])))) == 3


def test_an_encoder_that_was_given_nothing_gives_nothing() -> None:
    encoder = OpusEncoder(64)
    assert encoder.encode(b"") == encoder.encode(b"\0") == encoder.flush() == b""


def test_half_a_sample_at_the_end_is_dropped() -> None:
    assert len(opus.decode(ogg_opus(64, SOUND[:2001]))) == 2000


def test_streams_that_are_joined_differ_in_their_serial_numbers() -> None:
    assert ogg_opus(64, SOUND)[14:18] == WHOLE[14:18] != ogg_opus(64, SOUND[2000:])[14:18]


@pytest.mark.parametrize(("page_duration", "pages"), [(20_000, 121), (300_000, 9), (1_000_000, 3)])
def test_what_others_wrote_is_read_to_the_sample(page_duration: int, pages: int) -> None:
    data = muxed(4 * SOUND, page_duration)
    (stream,) = opus.scan(data)
    assert stream.samples == 2 * len(SOUND) == len(opus.decode(data)) // 2
    assert stream.surplus == 0
    assert stream.pages == pages


def test_two_channels_are_heard_as_one() -> None:
    sent, heard = np.frombuffer(SOUND, "<i2"), np.frombuffer(opus.decode(muxed(SOUND, 20_000, "stereo")), "<i2")
    assert len(heard) == len(sent)
    assert np.corrcoef(sent, heard)[0, 1] > 0.9


def test_a_chain_is_decoded_stream_by_stream() -> None:
    other = ogg_opus(64, SOUND[:4000])
    assert opus.decode(WHOLE + other + WHOLE) == opus.decode(WHOLE) + opus.decode(other) + opus.decode(WHOLE)


@settings(max_examples=30)
@given(st.integers(0, len(WHOLE)))
def test_what_was_cut_short_is_counted_as_it_is_decoded(cut: int) -> None:
    try:
        streams = opus.scan(WHOLE[:cut])
    except AudioError:
        assert cut < 500
        return
    assert sum(stream.samples for stream in streams) == len(opus.decode(WHOLE[:cut])) // 2


def test_a_stream_whose_end_is_not_declared_may_hold_a_packets_filling() -> None:
    cut = WHOLE.rindex(b"OggS")
    (stream,) = opus.scan(WHOLE[:cut])
    assert stream.stop is None
    assert stream.surplus == 960
    assert stream.samples == stream.begins[-1] - 312


def test_a_count_that_begins_anywhere_is_read_from_there() -> None:
    writer = ogg.Writer(7)
    found = [packet.data for page in ogg.read(WHOLE) for packet in page.packets][:6]
    pages = [writer.page(packet, 0) for packet in found[:2]]
    pages += [writer.page(packet, 100_000 + 960 * at, last=at == 4) for at, packet in enumerate(found[2:], start=1)]
    pages[-1] = ogg.Writer(7).page(found[-1], 103_500, last=True).replace(b"OggS\0\6", b"OggS\0\4")
    assert opus.scan(b"".join(pages))[0].samples == 3500 - 312


@pytest.mark.parametrize(
    ("first", "samples"),
    [  # RFC 6716, table 2: the configuration in the upper five bits, how many frames in the lower two
        *[
            (0 << 3, 480),
            (3 << 3, 2880),
            (7 << 3, 2880),
            (12 << 3, 480),
            (13 << 3, 960),
            (16 << 3, 120),
            (31 << 3, 960),
        ],
        *[(1 << 3 | 1, 1920), (31 << 3 | 2, 1920), (17 << 3 | 3, 240 * 5)],
    ],
)
def test_a_packet_tells_its_length(first: int, samples: int) -> None:
    head = WHOLE[28 : 28 + 19]
    writer = ogg.Writer(1)
    data = writer.page(head, 0) + writer.page(bytes([first, 5, 0]), 10_000)
    assert opus.scan(data)[0].begins == (0, samples)


def test_a_count_that_is_missing_is_no_sound() -> None:
    writer = ogg.Writer(1)
    data = writer.page(WHOLE[28 : 28 + 19], 0) + writer.page(b"\xff", 960)
    assert opus.scan(data)[0].begins == (0, 0)


def test_more_channels_than_two_are_refused() -> None:
    head = bytearray(WHOLE[28 : 28 + 19])
    head[9], head[18] = 6, 1
    writer = ogg.Writer(1)
    with pytest.raises(AudioError, match="6 channels"):
        opus.scan(writer.page(bytes(head), 0) + writer.page(b"\xf8\0", 960))


def test_a_damaged_packet_is_an_error_of_sound() -> None:
    writer = ogg.Writer(1)
    data = writer.page(WHOLE[28 : 28 + 19], 0) + writer.page(b"\xff\xff\xff\0", 960)
    with pytest.raises(AudioError, match="cannot be decoded"):
        opus.decode(data)


@pytest.mark.parametrize("data", [b"", b"OggS", b"OpusHead", WHOLE[:60], ogg.Writer(1).page(b"\x01vorbis", 0) * 2])
def test_what_is_no_opus_is_an_error_that_names_the_format(data: bytes) -> None:
    with pytest.raises(AudioError, match="--speech-format"):
        opus.scan(data)
