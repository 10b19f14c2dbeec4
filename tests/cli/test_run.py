from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
import srt
import webvtt

import aligner
from aligner.cli.main import call

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = "Dr. Smith paid 3.14 dollars to AT&T. Then he left.\n\nA second paragraph, with a comma, follows here.\n"
SCHEMA = json.loads((Path(aligner.__file__).parent / "outputs" / "timing.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own, without settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("ALIGNER_", "ELEVENLABS_")):
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def talk(here: Path) -> Path:
    path = here / "talk.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.usefixtures("talk")
def test_a_document_becomes_four_files(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "talk.txt", "--out", "out"]) == 0
    assert files(here / "out") == ["talk.json", "talk.mp3", "talk.srt", "talk.vtt"]
    told = capsys.readouterr()
    assert "talk.txt" in told.out
    assert "done" in told.out
    assert "done talk.txt" in told.err


@pytest.mark.usefixtures("talk")
def test_the_files_say_the_same_and_keep_to_their_formats(here: Path) -> None:
    call(["run", "talk.txt", "--out", "out"])
    timing = json.loads((here / "out/talk.json").read_text(encoding="utf-8"))
    jsonschema.validate(timing, SCHEMA)
    assert timing["text"] == TEXT.strip()
    assert timing["audio"]["file"] == "talk.mp3"
    assert " ".join(word["text"] for word in timing["words"]) == " ".join(TEXT.split())
    cues = [(cue["start"], cue["end"], cue["lines"]) for cue in timing["cues"]]
    subtitles = srt.parse((here / "out/talk.srt").read_text(encoding="utf-8"))
    assert [(one.start.total_seconds(), one.end.total_seconds(), one.content.split("\n")) for one in subtitles] == cues
    captions = webvtt.read(str(here / "out/talk.vtt")).captions
    assert [one.lines for one in captions] == [[line.replace("&", "&amp;") for line in lines] for _, _, lines in cues]
    assert timing["words"][-1]["end"] <= timing["audio"]["duration"]


@pytest.mark.usefixtures("talk")
def test_a_second_run_leaves_alone_what_is_up_to_date(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(["run", "talk.txt", "--out", "out"])
    before = (here / "out/talk.mp3").stat().st_mtime_ns
    assert call(["run", "talk.txt", "--out", "out"]) == 0
    assert (here / "out/talk.mp3").stat().st_mtime_ns == before
    assert "skipped" in capsys.readouterr().out


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize(
    "change",
    [
        lambda here: (here / "talk.txt").write_text("Another text.", encoding="utf-8") and [],
        lambda here: (here / "out/talk.srt").unlink() or [],
        lambda here: (here / "out/talk.json").write_text("{", encoding="utf-8") and [],
        lambda _here: ["--voice", "en-gb"],
        lambda _here: ["--speed", "1.1"],
        lambda _here: ["--profile", "ted"],
        lambda _here: ["--force"],
    ],
    ids=["text", "missing file", "damaged timing", "voice", "speed", "profile", "force"],
)
def test_what_has_changed_is_done_again(here: Path, change: Callable[[Path], list[str]]) -> None:
    call(["run", "talk.txt", "--out", "out"])
    before = (here / "out/talk.mp3").stat().st_ino
    more = change(here)
    assert call(["run", "talk.txt", "--out", "out", *more]) == 0
    assert (here / "out/talk.mp3").stat().st_ino != before


def test_a_folder_is_mirrored(here: Path) -> None:
    for name in ("a.txt", "deep/er/b.md"):
        (here / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "in" / name).write_text("Hello.", encoding="utf-8")
    assert call(["run", "in", "--out", "out", "--format", "json"]) == 0
    assert files(here / "out") == ["a.json", "deep/er/b.json"]
    made = [json.loads((here / "out" / name).read_text(encoding="utf-8")) for name in files(here / "out")]
    assert [timing["source"] for timing in made] == ["a.txt", "deep/er/b.md"]


def test_standard_input_is_a_document(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Hello there.")))
    assert call(["run", "-", "--out", "out", "--format", "srt"]) == 0
    assert "Hello there." in (here / "out/stdin.srt").read_text(encoding="utf-8")


@pytest.mark.usefixtures("talk")
def test_without_a_sound_file_the_times_are_the_same(here: Path) -> None:
    call(["run", "talk.txt", "--out", "with"])
    call(["run", "talk.txt", "--out", "without", "--format", "json"])
    with_sound, without = (
        json.loads((here / name / "talk.json").read_text(encoding="utf-8")) for name in ("with", "without")
    )
    assert without["audio"]["file"] is None
    assert abs(without["audio"]["duration"] - with_sound["audio"]["duration"]) < 0.2
    assert files(here / "without") == ["talk.json"]


def test_a_bad_document_fails_alone_and_is_named_with_why(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "in").mkdir()
    bad = {
        "empty.txt": b"",
        "blank.txt": b" \n\n ",
        "points.txt": b"... !!!",
        "binary.txt": bytes(range(256)) * 8,
        "latin.txt": "Köln".encode("latin-1") * 9,
        "endless.txt": b"a" * 1_000_000,
        "voice.txt": b"---\nvoice: klingon\n---\nHello.",
        "profile.md": b"---\nprofile: bbbc\n---\nHello.",
        "key.md": b"---\nvoce: en\n---\nHello.",
    }
    for name, data in bad.items():
        (here / "in" / name).write_bytes(data)
    (here / "in/good.txt").write_text("This one is good.", encoding="utf-8")
    assert call(["run", "in", "--out", "out"]) == 1
    assert files(here / "out") == ["good.json", "good.mp3", "good.srt", "good.vtt"]
    failures = [line for line in capsys.readouterr().err.splitlines() if line.startswith("failed ")]
    assert len(failures) == len(bad)
    for name in bad:
        (line,) = [line for line in failures if f"in/{name}" in line]
        assert "; " in line, "how to mend it"


def test_control_characters_never_reach_the_engine(here: Path) -> None:
    (here / "a.txt").write_bytes(b"Hello \x01\x1b[31m there,\x07 \x7f and a few more words to be sure.\x00\n")
    assert call(["run", "a.txt", "--out", "out"]) == 0
    text = json.loads((here / "out/a.json").read_text(encoding="utf-8"))["text"]
    assert text == "Hello [31m there,  and a few more words to be sure."


@pytest.mark.usefixtures("talk")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.txt"], "missing.txt: no such file or folder"),
        (["."], "no documents found"),
        (["talk.txt", "--voice", "klingon"], "unknown voice 'klingon'"),
        (["talk.txt", "--profile", "netflx"], "did you mean 'netflix'"),
        (["talk.txt", "--format", "strt"], "did you mean srt"),
        (["talk.txt", "--engine", "lokal"], "unknown engine 'lokal'"),
        (["talk.txt", "--engine", "elevenlabs"], "ELEVENLABS_API_KEY"),
        (["talk.txt", "--speech-format", "mp4"], "unknown sound format 'mp4'"),
        (["talk.txt", "--language", "12"], "12"),
        (["talk.txt", "--fps", "0"], "out of range"),
        (["talk.txt", "--speed", "3"], "0.7<=x<=1.2"),
        (["talk.txt", "--chunk-length-schedule", "10"], "between 50 and 500"),
        (["talk.txt", "--dictionary", "a,b,c,d"], "at most 3"),
        (["talk.txt", "--jobs", "0"], "name 1 or more"),
        (["talk.txt", "talk.md"], "would both write"),
        ([], "Missing argument"),
    ],
)
def test_wrong_usage_is_one_sentence_and_nothing_is_spoken(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    if "talk.md" in arguments:
        (here / "talk.md").write_text("Hello.", encoding="utf-8")
    if arguments == ["."]:
        (here / "talk.txt").unlink()
    assert call(["run", *arguments, "--out", "out"]) == 2
    assert said in capsys.readouterr().err
    assert not (here / "out").exists() or files(here / "out") == []


@pytest.mark.usefixtures("talk")
def test_an_output_folder_that_cannot_be_written_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert call(["run", "talk.txt", "--out", "talk.txt/out"]) == 2
    assert "talk.txt/out: the output folder cannot be written" in capsys.readouterr().err


@pytest.mark.usefixtures("talk")
def test_a_dry_run_tells_the_plan_and_speaks_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "empty.txt").write_bytes(b"")
    assert call(["run", "talk.txt", "empty.txt", "--out", "out", "--dry-run"]) == 1
    told = capsys.readouterr()
    assert f"{len(TEXT.strip())} credits" in told.out
    assert "2 documents" in told.out
    assert "empty" in told.err
    assert not (here / "out").exists()


@pytest.mark.usefixtures("talk")
def test_half_price_models_bill_half(capsys: pytest.CaptureFixture[str]) -> None:
    call(["run", "talk.txt", "--out", "out", "--dry-run", "--model", "eleven_flash_v2_5"])
    assert f"{-(-len(TEXT.strip()) // 2)} credits" in capsys.readouterr().out


@pytest.mark.usefixtures("talk")
def test_quiet_says_nothing_but_errors(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "empty.txt").write_bytes(b"")
    assert call(["run", "talk.txt", "empty.txt", "--out", "out", "--quiet"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.split()[0] for line in told.err.splitlines()] == ["failed"]


@pytest.mark.usefixtures("talk")
def test_the_log_has_a_json_line_for_each_event(here: Path) -> None:
    call(["run", "talk.txt", "--out", "out", "--log", "logs/run.jsonl"])
    events = [json.loads(line) for line in (here / "logs/run.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [event["event"] for event in events] == ["started", "spoken", "outcome"]
    assert events[-1]["status"] == "done"
    assert all(event["source"] == "talk.txt" for event in events)


def test_fail_fast_stops_at_the_first_failure(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "in").mkdir()
    for number in range(20):
        (here / "in" / f"{number:02d}.txt").write_bytes(b"" if number == 0 else b"Hello there.")
    assert call(["run", "in", "--out", "out", "--fail-fast", "--jobs", "1"]) == 1
    assert "not tried" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
def test_front_matter_wins_over_the_command_line(here: Path) -> None:
    (here / "a.md").write_text("---\nvoice: de\nlanguage: de\nprofile: bbc\n---\nGuten Tag.", encoding="utf-8")
    assert call(["run", "a.md", "--out", "out", "--voice", "en-gb", "--language", "en", "--profile", "ted"]) == 0
    timing = json.loads((here / "out/a.json").read_text(encoding="utf-8"))
    assert (timing["language"], timing["speech"]["voice"], timing["speech"]["profile"]) == ("de", "de", "bbc")


@pytest.mark.usefixtures("talk")
def test_the_summary_and_the_timing_tell_how_fast_the_service_was(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call(["run", "talk.txt", "--out", "out"])
    told = capsys.readouterr().out
    assert "first sound after" in told
    assert "times real time" in told
    timing = json.loads((here / "out/talk.json").read_text(encoding="utf-8"))
    latency = timing["speech"]["latency"]
    assert set(latency) == {"sessions", "connect_ms", "first_byte_ms", "first_byte_p95_ms", "real_time_factor"}
    assert latency["sessions"] == 1
    assert latency["real_time_factor"] > 0


def test_a_document_with_ssml_shows_no_tag_and_obeys_them(here: Path) -> None:
    (here / "a.ssml").write_text(
        '<speak>\n<p>R&amp;D says hello.<break time="2s"/> It is <sub alias="the World Wide Web Consortium">W3C</sub>.'
        "</p>\n</speak>\n",
        encoding="utf-8",
    )
    assert call(["run", "a.ssml", "--out", "out"]) == 0
    timing = json.loads((here / "out/a.json").read_text(encoding="utf-8"))
    assert timing["text"] == "R&D says hello. It is W3C."
    words = {word["text"]: word for word in timing["words"]}
    assert list(words) == ["R&D", "says", "hello.", "It", "is", "W3C."]
    assert words["It"]["start"] - words["hello."]["end"] > 1.9
    assert words["W3C."]["end"] - words["W3C."]["start"] > 1, "the whole name is spoken"
    assert all("<" not in (here / "out" / f"a.{name}").read_text(encoding="utf-8") for name in ("srt", "vtt"))


def test_a_malformed_tag_fails_its_document_with_file_line_and_mend(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "a.ssml").write_text("<speak>\nOne.\n<sub alias='x'>Two.\n</speak>", encoding="utf-8")
    assert call(["run", "a.ssml", "--out", "out"]) == 1
    assert "a.ssml, line 4: </speak> closes nothing that is open here; close <sub> first" in capsys.readouterr().err


def test_a_dictionary_file_and_a_voice_of_ones_own_are_spoken_with(here: Path) -> None:
    (here / "talk.txt").write_text("The UN met.", encoding="utf-8")
    (here / "names.json").write_text(
        json.dumps({"rules": [{"type": "alias", "string_to_replace": "UN", "alias": "United Nations Organisation"}]}),
        encoding="utf-8",
    )
    (here / "voices").mkdir()
    (here / "voices/anna.toml").write_text('voice = "en-gb"\nvariant = "f3"\n', encoding="utf-8")
    lengths = []
    for more in ([], ["--dictionary", "names.json"]):
        assert call(["run", "talk.txt", "--out", "out", "--voice", "anna", *more]) == 0
        timing = json.loads((here / "out/talk.json").read_text(encoding="utf-8"))
        (word,) = [word for word in timing["words"] if word["text"] == "UN"]
        lengths.append(word["end"] - word["start"])
    assert timing["speech"]["voice"] == "anna"
    assert timing["text"] == "The UN met."
    assert lengths[1] > 2 * lengths[0]
