from __future__ import annotations

from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

from aligner.speech.address import Address
from aligner.speech.refusals import INVALID_KEY
from aligner.speech.server.limits import Gate
from aligner.speech.server.operation.journal import Journal
from aligner.speech.server.operation.metrics import exposition


@dataclass
class Workers:
    size: int = 2
    restarts: int = 3
    waiting: int = 4


def samples(book: Journal, gate: Gate) -> dict[str, float]:
    """Names with labels, and values, as Prometheus itself reads them."""
    kind, body = exposition(book.counts, Workers(), gate)
    assert kind.startswith("text/plain")
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


def test_a_fresh_service_has_all_its_figures() -> None:
    found = samples(Journal(), Gate())
    assert {name: found[name] for name in found if name.startswith("aligner_") and "bucket" not in name} == {
        "aligner_sessions_open": 0,
        "aligner_generating": 0,
        "aligner_workers": 2,
        "aligner_queue": 4,
        "aligner_generations_total": 0,
        "aligner_characters_total": 0,
        "aligner_audio_seconds_total": 0,
        "aligner_audio_bytes_total": 0,
        "aligner_worker_restarts_total": 3,
        "aligner_first_byte_seconds_count": 0,
        "aligner_first_byte_seconds_sum": 0,
    }


def test_what_happened_is_in_the_figures() -> None:
    times = iter([0.0, 1.0, 1.03, 2.0])
    book, gate = Journal(lambda: next(times)), Gate()
    gate.enter()
    with book.session(Address("de")) as record:
        record.generation("Hello. ")
        book.counts.audio += 1_500_000
        book.counts.first_byte[2] += 1
        book.counts.first_byte_seconds += 0.015
        record.refused(INVALID_KEY)
        book.refused(INVALID_KEY.error)
        found = samples(book, gate)
        assert (found["aligner_sessions_open"], found["aligner_generating"]) == (1, 1)
    book.request("/v1/voices", 200, "/v1/voices")
    found = samples(book, gate)
    assert found["aligner_sessions_open"] == 0
    assert found["aligner_sessions_total[refused]"] == 1
    assert found["aligner_refusals_total[invalid_api_key]"] == 1
    assert found["aligner_http_requests_total[/v1/voices][200]"] == 1
    assert found["aligner_characters_total"] == 7
    assert found["aligner_audio_seconds_total"] == 1.5
    assert found["aligner_first_byte_seconds_bucket[0.01]"] == 0
    assert found["aligner_first_byte_seconds_bucket[0.02]"] == 1
    assert found["aligner_first_byte_seconds_bucket[+Inf]"] == 1
    assert found["aligner_first_byte_seconds_sum"] == 0.015


def test_two_services_in_one_process_do_not_mix() -> None:
    one, other = Journal(), Journal()
    with one.session(Address("de")):
        pass
    assert samples(one, Gate())["aligner_sessions_total[done]"] == 1
    assert "aligner_sessions_total[done]" not in samples(other, Gate())
