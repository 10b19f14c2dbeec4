from __future__ import annotations

import importlib
import sys
import warnings
from array import array
from bisect import bisect_left, bisect_right
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.audio import g711

LAWS: list[g711.Law] = ["ulaw", "alaw"]
EVERY_SAMPLE = array("h", range(-32768, 32768))
EVERY_CODE = bytes(range(256))


def samples_of(law: g711.Law, codes: bytes) -> array[int]:
    return array("h", g711.decode(law, codes))


def reference_ulaw(sample: int) -> int:
    """The reference code of the ITU (G.191, software tools library, ulaw_compress)."""
    magnitude = min(0x1FFF, ((~sample if sample < 0 else sample) >> 2) + 33)
    segment = 1 + (magnitude >> 6).bit_length()
    code = (8 - segment) << 4 | (0xF - (magnitude >> segment & 0xF))
    return code | 0x80 if sample >= 0 else code


def reference_alaw(sample: int) -> int:
    """The same for A-law (alaw_compress)."""
    code = (~sample if sample < 0 else sample) >> 4
    exponent = 1
    while code > 31:
        code >>= 1
        exponent += 1
    if exponent > 1 or code > 15:
        code += (exponent << 4) - 16
    return (code | 0x80 if sample >= 0 else code) ^ 0x55


@pytest.mark.parametrize(("law", "reference"), [("ulaw", reference_ulaw), ("alaw", reference_alaw)])
def test_every_sample_has_the_code_of_the_reference(law: g711.Law, reference: Any) -> None:
    assert g711.encode(law, EVERY_SAMPLE.tobytes()) == bytes(map(reference, EVERY_SAMPLE))


@pytest.mark.parametrize(
    ("law", "code", "sample"),
    [  # G.711, tables 1a, 2a: the outermost and innermost of the values at the decoder's output, as 16 bits
        *[("ulaw", 0x80, 32124), ("ulaw", 0x00, -32124), ("ulaw", 0xFF, 0), ("ulaw", 0xFE, 8), ("ulaw", 0xEF, 132)],
        *[("alaw", 0xAA, 32256), ("alaw", 0x2A, -32256), ("alaw", 0xD5, 8), ("alaw", 0x55, -8), ("alaw", 0xC5, 264)],
    ],
)
def test_codes_stand_for_the_values_of_the_standard(law: g711.Law, code: int, sample: int) -> None:
    assert samples_of(law, bytes([code])).tolist() == [sample]


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the standard library has no audioop any more")
@pytest.mark.parametrize("law", LAWS)
def test_the_standard_library_agrees(law: g711.Law) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        audioop = importlib.import_module("audioop")
    assert g711.decode(law, EVERY_CODE) == getattr(audioop, f"{law}2lin")(EVERY_CODE, 2)
    # Only of those from 0 on: it rounds negative ones otherwise, where the standard has them mirror the others.
    positive = EVERY_SAMPLE[32768:].tobytes()
    assert g711.encode(law, positive) == getattr(audioop, f"lin2{law}")(positive, 2)


@pytest.mark.parametrize("law", LAWS)
def test_negative_samples_mirror_the_others(law: g711.Law) -> None:
    codes = g711.encode(law, EVERY_SAMPLE.tobytes())
    assert [code ^ 0x80 for code in codes[:32768]] == list(reversed(codes[32768:]))


@pytest.mark.parametrize("law", LAWS)
def test_what_was_decoded_is_encoded_to_the_same_code(law: g711.Law) -> None:
    again = g711.encode(law, g711.decode(law, EVERY_CODE))
    # µ-law has two codes for silence, and makes the positive one of both.
    assert again == (EVERY_CODE.replace(b"\x7f", b"\xff") if law == "ulaw" else EVERY_CODE)


@pytest.mark.parametrize("law", LAWS)
def test_a_sample_is_heard_as_one_of_the_two_levels_around_it(law: g711.Law) -> None:
    levels = sorted(samples_of(law, EVERY_CODE))
    heard = samples_of(law, g711.encode(law, EVERY_SAMPLE.tobytes()))
    assert heard.tolist() == sorted(heard)
    for sample, level in zip(EVERY_SAMPLE, heard, strict=True):
        assert level in levels[max(0, bisect_left(levels, sample) - 1) : bisect_right(levels, sample) + 1]


@given(st.binary(max_size=50), st.integers(0, 50), st.sampled_from(LAWS))
def test_a_byte_is_a_sample_wherever_it_is_cut(data: bytes, cut: int, law: g711.Law) -> None:
    pcm = g711.decode(law, data)
    assert len(pcm) == 2 * len(data)
    assert pcm == g711.decode(law, data[:cut]) + g711.decode(law, data[cut:])
    assert g711.encode(law, pcm) == g711.encode(law, pcm[: 2 * cut]) + g711.encode(law, pcm[2 * cut :])


@pytest.mark.parametrize("law", LAWS)
def test_half_a_sample_is_dropped(law: g711.Law) -> None:
    assert g711.encode(law, b"\0\0\0") == g711.encode(law, b"\0\0")
    assert g711.encode(law, b"\0") == b""
