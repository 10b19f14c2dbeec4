# ruff: noqa: RUF001 - the letters and marks of many languages are the point
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.documents.language import detect


@given(st.text())
def test_there_is_always_an_answer(text: str) -> None:
    assert 2 <= len(detect(text)) <= 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("これは日本語です。漢字もある。", "ja"),
        ("カタカナ", "ja"),
        ("老街的尽头有一家茶馆。", "zh"),
        ("他最喜欢的游戏叫「ポケモン」，从小玩到大，每天放学以后都要先玩一个小时再写作业。", "zh"),
        ("我们用 Kubernetes 和 Docker 部署服务，API gateway 的延迟很低。", "zh"),
        ("그는 갔다.", "ko"),
        ("สวัสดีครับ", "th"),
        ("Καλημέρα κόσμε", "el"),
        ("שלום עולם", "he"),
        ("مرحبا", "ar"),
        ("नमस्ते", "hi"),
        ("Привет", "ru"),
    ],
)  # fmt: skip
def test_the_script_decides(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Uhrmacher hieß Anselm Vogt und behauptete, er höre schlecht.", "de"),
        ("Le vieil homme regardait la mer sans dire un mot, et le vent tomba.", "fr"),
        ("El viejo miraba el mar sin decir una palabra, y el viento cesó.", "es"),
        ("Il vecchio guardava il mare senza dire una parola, e il vento calò.", "it"),
        ("O velho olhava para o mar sem dizer uma palavra, e o vento parou.", "pt"),
        ("De oude man keek naar de zee zonder een woord te zeggen.", "nl"),
        ("Stary człowiek patrzył na morze, nie mówiąc ani słowa.", "pl"),
        ("Den gamle mannen så på havet uten å si noe, og vinden stilnet.", "nb"),
        ("Це простий український текст про погоду, і він не дуже довгий.", "uk"),
        ("Это простой русский текст о погоде, и он не очень длинный.", "ru"),
        ("یک متن ساده فارسی درباره آب و هوا که خیلی طولانی نیست و تمام شد", "fa"),
        ("The old man looked at the sea without a word, and the wind fell.", "en"),
    ],
)
def test_the_letters_decide(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3.14 + 2 = 5.14",
        "Hello world",
        "Release notes 2.4",
        "Jan de Vries",
        "The Lighthouse Keeper of Skellan Point",
        "Introduction to Kubernetes clusters and pods configuration",
        "Install Docker, run kubectl apply, export PATH, restart nginx",
        "API gateway latency p95 HTTP JSON REST GraphQL PostgreSQL Redis",
        "def main(): return sys.argv[1:] import numpy as np print(x)",
        "John Smith, Maria Garcia, Wei Zhang, Ahmed Hassan, Olga Petrova",
    ],
)
def test_what_tells_little_is_english(text: str) -> None:
    assert detect(text) == "en"
