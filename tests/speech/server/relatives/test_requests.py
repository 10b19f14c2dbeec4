from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.speech.server.relatives.requests import Body, Invalid, parsed

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
FIELDS = st.sampled_from([*Body.__struct_fields__, "unknown"])


def details(body: Any) -> dict[str, Any]:
    with pytest.raises(Invalid) as error:
        parsed(body if isinstance(body, bytes) else json.dumps(body).encode())
    (detail,) = error.value.details
    return detail


def test_a_text_is_enough() -> None:
    assert parsed(b'{"text": "Hi."}') == Body("Hi.")


def test_everything_else_may_be_null() -> None:
    nulls = dict.fromkeys([name for name in Body.__struct_fields__ if name != "text"])
    assert parsed(json.dumps({"text": "Hi.", **nulls}).encode()) == Body("Hi.")


def test_unknown_fields_are_ignored() -> None:
    assert parsed(b'{"text": "Hi.", "new": {"a": 1}}') == Body("Hi.")


@pytest.mark.parametrize(
    ("body", "where", "kind"),
    [
        ({}, ["body", "text"], "missing"),
        ({"text": None}, ["body", "text"], "type_error"),
        ({"text": 1}, ["body", "text"], "type_error"),
        ([], ["body"], "type_error"),
        ({"text": "a", "seed": -1}, ["body", "seed"], "value_error"),
        ({"text": "a", "seed": 2**32}, ["body", "seed"], "value_error"),
        ({"text": "a", "voice_settings": {"speed": 3}}, ["body", "voice_settings", "speed"], "value_error"),
        ({"text": "a", "voice_settings": {"stability": "x"}}, ["body", "voice_settings", "stability"], "type_error"),
        (
            {"text": "a", "pronunciation_dictionary_locators": [{"pronunciation_dictionary_id": "a"}, {}]},
            ["body", "pronunciation_dictionary_locators", 1, "pronunciation_dictionary_id"],
            "missing",
        ),
        (
            {"text": "a", "pronunciation_dictionary_locators": [{"pronunciation_dictionary_id": "a"}] * 4},
            ["body", "pronunciation_dictionary_locators"],
            "value_error",
        ),
        ({"text": "a", "apply_text_normalization": "maybe"}, ["body", "apply_text_normalization"], "value_error"),
        ({"text": "a", "previous_request_ids": [1]}, ["body", "previous_request_ids", 0], "type_error"),
        (b"", ["body"], "json_invalid"),
        (b'{"text": "a"', ["body"], "json_invalid"),
        (b'{"text": "\xff"}', ["body"], "json_invalid"),
        (b"text=a", ["body"], "json_invalid"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(body: object, where: list[str | int], kind: str) -> None:
    detail = details(body)
    assert (detail["loc"], detail["type"]) == (where, kind)
    assert detail["msg"]
    assert "$" not in detail["msg"]


@given(st.dictionaries(FIELDS, VALUES, max_size=4))
def test_any_json_is_a_body_or_is_told_why_not(body: dict[str, Any]) -> None:
    try:
        answer: object = parsed(json.dumps(body).encode()).text
    except Invalid as invalid:
        answer = invalid.details[0]["loc"][0]
    assert answer in (body.get("text"), "body")


@given(st.binary(max_size=60))
def test_any_bytes_are_a_body_or_are_told_why_not(body: bytes) -> None:
    try:
        text: object = parsed(body).text
    except Invalid as invalid:
        text = invalid.details[0]["msg"]
    assert isinstance(text, str)


def test_the_error_survives_pickling() -> None:
    error = Invalid(("body", "text"), "Field required", "missing")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert again.details == error.details
    assert str(again) == "body.text: Field required"
