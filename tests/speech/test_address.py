from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import ProtocolError
from aligner.speech.address import Address, parse

PATH = "/v1/text-to-speech/en-us/stream-input"

addresses = st.builds(
    Address,
    voice_id=st.text(min_size=1, max_size=12, alphabet=st.characters(exclude_categories=["Cs", "Cc"])),
    model_id=st.none() | st.sampled_from(["eleven_multilingual_v2", "eleven_flash_v2_5"]),
    language_code=st.none() | st.sampled_from(["de", "zh"]),
    output_format=st.sampled_from(["pcm_22050", "mp3_44100_128"]),
    sync_alignment=st.booleans(),
    auto_mode=st.booleans(),
    inactivity_timeout=st.integers(1, 180).map(float),
    apply_text_normalization=st.sampled_from(["auto", "on", "off"]),
    enable_ssml_parsing=st.booleans(),
    enable_logging=st.booleans(),
    seed=st.none() | st.integers(0, 2**32 - 1),
    authorization=st.none() | st.just("Bearer x y"),
)


@given(addresses)
def test_what_the_client_asks_for_the_service_reads(address: Address) -> None:
    assert parse(address.target) == address


def test_defaults_are_those_of_the_service() -> None:
    assert parse(PATH) == Address("en-us", output_format="mp3_44100_128", inactivity_timeout=20.0)


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/v1/voices",
        "/v1/text-to-speech//stream-input",
        "/v1/text-to-speech/a/b/stream-input",
        "/v1/text-to-speech/a/stream",
    ],
)
def test_another_path_is_no_address(target: str) -> None:
    assert parse(target) is None


def test_unknown_parameters_pass_and_booleans_have_many_spellings() -> None:
    address = parse(f"{PATH}?new=1&sync_alignment=True&auto_mode=0&enable_logging=false&optimize_streaming_latency=3")
    assert address is not None
    assert (address.sync_alignment, address.auto_mode, address.enable_logging) == (True, False, False)


@pytest.mark.parametrize(
    "query",
    [
        *("inactivity_timeout=181", "inactivity_timeout=0", "inactivity_timeout=nan", "inactivity_timeout=x"),
        *("seed=-1", "seed=4294967296", "seed=x", "sync_alignment=maybe", "apply_text_normalization=perhaps"),
    ],
)
def test_a_value_out_of_range_is_named(query: str) -> None:
    with pytest.raises(ProtocolError, match=query.split("=", maxsplit=1)[0]):
        parse(f"{PATH}?{query}")


def test_a_token_stays_out_of_logs() -> None:
    assert "s3cret" not in repr(Address("v", authorization="s3cret"))
