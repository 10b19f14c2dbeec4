# ruff: noqa: RUF001 - the signs of the IPA are the point
from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.errors import UsageError
from aligner.speech.server.text import lexicon
from aligner.speech.server.text.lexicon import Rule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMESPACE = 'xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"'

TOMATO = f"""<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" {NAMESPACE}
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      alphabet="ipa" xml:lang="en-GB">
  <!-- two spellings, one sound -->
  <lexeme>
    <grapheme>tomato</grapheme>
    <grapheme>Tomato</grapheme>
    <phoneme>təˈmɑːtəʊ</phoneme>
  </lexeme>
  <lexeme>
    <grapheme>UN
      Charter</grapheme>
    <alias>United Nations &amp; Charter</alias>
  </lexeme>
</lexeme_end>
""".replace("</lexeme_end>", "</lexicon>")


@pytest.fixture(name="write")
def _write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def rules(path: Path) -> tuple[Rule, ...]:
    return lexicon.read(path).rules


def lexemes(content: str, attributes: str = 'alphabet="ipa"') -> str:
    return f"<lexicon {attributes}><lexeme>{content}</lexeme></lexicon>"


def refusal(path: Path) -> str:
    with pytest.raises(UsageError) as raised:
        lexicon.read(path)
    assert raised.value.place.startswith(str(path))
    return f"{raised.value.place.removeprefix(str(path))}: {raised.value.problem}; {raised.value.mend}"


def test_a_pls_file_has_a_rule_for_every_spelling(write: Callable[[str, str], Path]) -> None:
    found = lexicon.read(write("tomatoes.pls", TOMATO))
    assert found.id == "tomatoes"
    assert found.version == hashlib.sha256(TOMATO.encode()).hexdigest()[:20]
    assert found.rules == (
        Rule("tomato", ipa="təˈmɑːtəʊ"),
        Rule("Tomato", ipa="təˈmɑːtəʊ"),
        Rule("UN Charter", said="United Nations & Charter"),
    )


@pytest.mark.parametrize(
    ("content", "attributes", "rule"),
    [
        ("<grapheme>a</grapheme><alias>b</alias>", "", Rule("a", said="b")),
        ("<grapheme>a</grapheme><phoneme>K AE1 T</phoneme>", 'alphabet="cmu-arpabet"', Rule("a", ipa="kˈæt")),
        ("<grapheme>a</grapheme><phoneme alphabet='cmu-arpabet'>T</phoneme>", "", Rule("a", ipa="t")),
        ("<grapheme>a</grapheme><phoneme>x</phoneme><alias>b</alias>", "", Rule("a", ipa="x")),
        ("<grapheme>a</grapheme><alias>b</alias><alias prefer='true'>c</alias>", "", Rule("a", said="c")),
        ("<grapheme>a</grapheme><alias prefer='true'>b</alias><alias prefer='1'>c</alias>", "", Rule("a", said="b")),
        ("<alias>b</alias><grapheme>a</grapheme><example>x</example>", "", Rule("a", said="b")),
        ("<grapheme>a</grapheme><alias></alias>", "", Rule("a", said="")),
    ],
)
def test_every_form_of_an_entry(write: Callable[[str, str], Path], content: str, attributes: str, rule: Rule) -> None:
    assert rules(write("x.xml", lexemes(content, attributes))) == (rule,)


def test_a_pls_file_may_have_prefixes_and_another_encoding(write: Callable[[str, str | bytes], Path]) -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><p:lexicon xmlns:p="http://www.w3.org/2005/01/pronunciation-lexicon">'
        "<p:lexeme><p:grapheme>café</p:grapheme><p:alias>coffee</p:alias></p:lexeme></p:lexicon>"
    )
    assert rules(write("x.pls", text.encode("latin-1"))) == (Rule("café", said="coffee"),)
    assert rules(write("y.pls", lexemes("<grapheme>é</grapheme><alias>x</alias>").encode("utf-16"))) == (
        Rule("é", said="x"),
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "line 1: is no PLS file: no element found"),
        ("hello", "line 1: is no PLS file"),
        ("<html>\n</html>", "line 1: is no PLS file: it begins with <html>; its first element is <lexicon>"),
        ("<lexicon>\n<lexeme></lexicon>", "line 2: is no PLS file: mismatched tag"),
        ("<lexicon>\n\n<lexeme><alias>x</alias></lexeme></lexicon>", "line 3: a lexeme has no grapheme"),
        ("<lexicon>\n<lexeme><grapheme>x</grapheme></lexeme></lexicon>", "line 2: a lexeme has no alias or phoneme"),
        (lexemes("\n<grapheme> </grapheme>"), "line 2: a grapheme has 0 characters; write 1 to 200"),
        (lexemes(f"<grapheme>{'x' * 201}</grapheme>"), "line 1: a grapheme has 201 characters"),
        (
            lexemes("<grapheme>x</grapheme>\n<phoneme>x</phoneme>", 'alphabet="x-sampa"'),
            "line 2: the alphabet 'x-sampa'",
        ),
        (lexemes("<grapheme>x</grapheme><phoneme alphabet='cmu-arpabet'>Ö</phoneme>"), "is no sign of cmu-arpabet"),
        ('<!DOCTYPE lexicon SYSTEM "http://x/pls.dtd"><lexicon/>', "document types and entities are not read"),
        (
            '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<lexicon>&b;</lexicon>',
            "line 1: document types and entities are not read",
        ),
        ("<lexicon><lexeme><grapheme>&x;</grapheme></lexeme></lexicon>", "undefined entity"),
        (b"<lexicon>\xff\xfe</lexicon>", "not well-formed"),
    ],
)
def test_a_bad_pls_file_is_refused_with_its_line(
    write: Callable[[str, str | bytes], Path], content: str | bytes, told: str
) -> None:
    assert told in refusal(write("x.pls", content))


def test_a_json_file_has_rules_as_the_api_has_them(write: Callable[[str, str], Path]) -> None:
    found = lexicon.read(
        write(
            "x.json",
            """{"id": "21m00", "name": "names", "version_id": "v7", "created_by": "me", "rules": [
            {"type": "alias", "string_to_replace": "UN", "alias": "United Nations"},
            {"string_to_replace": "tomato", "type": "phoneme", "phoneme": "/təˈmɑːtəʊ/", "alphabet": "ipa"},
            {"type": "phoneme", "string_to_replace": "cat", "phoneme": "K AE1 T", "alphabet": "cmu-arpabet"},
            {"type": "alias", "string_to_replace": "x", "alias": "y", "case_sensitive": false, "word_boundaries": false}
            ]}""",
        )
    )
    assert (found.id, found.version) == ("21m00", "v7")
    assert found.rules == (
        Rule("UN", said="United Nations"),
        Rule("tomato", ipa="təˈmɑːtəʊ"),
        Rule("cat", ipa="kˈæt"),
        Rule("x", said="y", cased=False, whole_words=False),
    )


def test_a_json_file_is_named_by_its_stem_and_its_version_is_its_content(write: Callable[[str, str], Path]) -> None:
    one = lexicon.read(write("names.json", '{"rules": []}'))
    other = lexicon.read(write("more.json", '{"rules": [ ]}'))
    assert (one.id, other.id) == ("names", "more")
    assert one.version != other.version
    saved = lexicon.read(write("saved.json", '\ufeff{"latest_version_id": "v1", "rules": []}'))
    assert saved.version == "v1"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "this is no pronunciation dictionary in JSON"),
        ("[]", "this is no pronunciation dictionary in JSON"),
        ("{}", "missing required field `rules`"),
        (b'{"rules": ["\xff"]}', "line 1: a rule is not as it should be"),
        ("[" * 100_000, "this is no pronunciation dictionary in JSON"),
        ('{"rules": [\n\n{"type": "alias", "string_to_replace": "x"}]}', "line 3: a rule is not as it should be"),
        ('{"rules": [{"type": "alias", "string_to_replace": "x", "alias": "y"},\n5]}', "line 2: a rule is not"),
        ('{"rules": [{"type": "other", "string_to_replace": "x"}]}', "line 1: a rule is not as it should be"),
        ('{"rules": [{"type": "alias", "string_to_replace": "", "alias": "y"}]}', "length >= 1"),
        (
            '{"rules": [\n{"type": "phoneme", "string_to_replace": "x", "phoneme": "Q9", "alphabet": "cmu-arpabet"}]}',
            "line 2: 'Q9' is no sign of cmu-arpabet; write signs such as K AE1 T",
        ),
    ],
)
def test_a_bad_json_file_is_refused_with_its_line(
    write: Callable[[str, str | bytes], Path], content: str | bytes, told: str
) -> None:
    assert told in refusal(write("x.json", content))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "gone.pls")
    (tmp_path / "folder.pls").mkdir()
    assert "Is a directory" in refusal(tmp_path / "folder.pls")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(), st.sampled_from(lexicon.SUFFIXES))
def test_nothing_but_its_own_error_comes_out(write: Callable[[str, bytes], Path], content: bytes, suffix: str) -> None:
    with pytest.raises(UsageError):
        lexicon.read(write(f"x{suffix}", content))
