from __future__ import annotations

import io
import wave

import av
import pytest

from aligner.audio import wav


@pytest.mark.parametrize("rate", [8000, 22050, 48000])
@pytest.mark.parametrize("samples", [0, 1, 5000])
def test_a_file_of_known_length_is_read_by_the_standard_library(rate: int, samples: int) -> None:
    pcm = bytes(range(256)) * 40
    pcm = pcm[: 2 * samples]
    with wave.open(io.BytesIO(wav.header(rate, len(pcm)) + pcm)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (rate, 1, 2)
        assert file.readframes(file.getnframes()) == pcm


def test_the_size_of_the_whole_leaves_the_first_eight_bytes_out() -> None:
    assert int.from_bytes(wav.header(8000, 100)[4:8], "little") == 100 + wav.HEADER_SIZE - 8


def test_a_stream_of_unknown_length_is_read_to_its_end() -> None:
    header = wav.header(22050)
    assert len(header) == wav.HEADER_SIZE == 44
    assert header[4:8] == header[40:44] == b"\xff" * 4
    with av.open(io.BytesIO(header + bytes(2 * 22050)), "r") as container:
        assert sum(frame.samples for frame in container.decode(audio=0)) == 22050
