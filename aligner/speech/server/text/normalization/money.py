"""Amounts of money: a number with the sign, the code or the name of a currency."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization import language as languages
from aligner.speech.server.text.normalization import numbers
from aligner.speech.server.text.normalization.rule import APART, Rule, any_of, unsigned, value
from aligner.speech.server.text.normalization.units import gender

if TYPE_CHECKING:
    from aligner.speech.server.text.normalization.language import Language

SIGNS: Final = {
    "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB",
    "₺": "TRY", "₴": "UAH", "₪": "ILS", "₫": "VND", "฿": "THB", "₦": "NGN", "₱": "PHP", "₸": "KZT", "₡": "CRC",
    "R$": "BRL", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "HK$": "HKD", "NZ$": "NZD", "S$": "SGD",
    "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "руб.": "RUB", "руб": "RUB", "грн": "UAH",  # noqa: RUF001 - Cyrillic
}  # fmt: skip
"""Signs with their codes of ISO 4217, as the Unicode standard and CLDR have them."""

CODES: Final = tuple(
    "AED ARS AUD BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW "  # noqa: SIM905 - shorter so
    "KZT MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TRY TWD UAH USD VND ZAR".split()
)
"""The codes of ISO 4217 that are read beside a number."""

_CHINESE: Final = {"¥": "CNY", "￥": "CNY"}
_SIGN: Final = r"(?P<sign>(?<![\w.,)\]\-])[-−])?"  # noqa: RUF001 - the minus
_MANY: Final = Decimal(1_000_000)


def currencies() -> str:
    """A pattern for what stands beside an amount."""
    return any_of((*SIGNS, *CODES))


def code(language: Language, written: str) -> str:
    """The code of a sign in a language; of anything else, itself."""
    sign = _CHINESE.get(written) if language.code == "zh" else None
    return sign or SIGNS.get(written, written)


def amount(language: Language, number: Decimal, currency: str, magnitude: str = "") -> str | None:
    """So much of a currency (its ISO 4217 code); two decimals are its hundredths, where the language names them."""
    if number < 0:
        return numbers.negative(language, amount(language, number.copy_negate(), currency, magnitude))
    words = language.words.money
    whole, _, cents = f"{number:f}".partition(".")
    if magnitude or len(cents) != 2 or currency not in words.minor or not words.full:  # noqa: PLR2004 - hundredths
        even = Decimal(whole) if cents and not int(cents) else number
        return _major(language, even, currency, magnitude)
    if not int(cents):
        return _major(language, Decimal(whole), currency, "")
    minor = _minor(language, Decimal(cents), currency)
    if not int(whole):
        return minor
    major = _major(language, Decimal(whole), currency, "")
    bare = numbers.cardinal(language, Decimal(cents))
    return words.full.format(major=major, minor=minor, cents=bare) if major and minor and bare else None


def _major(language: Language, number: Decimal, currency: str, magnitude: str) -> str | None:
    name = languages.currency(language, currency, _MANY if magnitude else number)
    form = "" if magnitude else gender(language.words.money, currency)
    said = numbers.cardinal(language, number, form)
    if said is None and not numbers.known(language):
        said = f"{number:f}".replace(".", language.mark)
    return " ".join(filter(None, (said, magnitude, name))) if said and name else None


def _minor(language: Language, cents: Decimal, currency: str) -> str | None:
    names = language.words.money.minor[currency]
    said = numbers.cardinal(language, cents, gender(language.words.money, f"{currency}-minor"))
    return said and f"{said} {names.get(languages.plural(language, cents), names['other'])}"


def _number(language: Language) -> str:
    # Two decimals are two decimals behind either mark: "$3.50" is written in German texts too.
    return rf"(?P<number>\d++[.,]\d\d(?![\d]|[.,]\d)|{unsigned(language)}){_magnitude(language)}"


def _magnitude(language: Language) -> str:
    magnitudes = language.words.numbers.magnitudes
    return rf"(?:{APART}(?P<magnitude>{any_of(magnitudes)})(?!\w))?" if magnitudes else "(?P<magnitude>)"


def _before_pattern(language: Language) -> str:
    inner = r"(?P<inner>[-−](?=\d))?"  # noqa: RUF001 - the minus
    return rf"{_SIGN}(?<!\w)(?P<currency>{currencies()}){APART}{inner}{_number(language)}(?!\w|[.,]\d)"


def _behind_pattern(language: Language) -> str:
    return rf"{_SIGN}(?P<inner>)(?<![\w.,]){_number(language)}{APART}(?P<currency>{currencies()})(?!\w)"


def _say(match: re.Match[str], language: Language) -> str | None:
    written = match["number"]
    if re.fullmatch(r"\d+[.,]\d\d", written):
        written = written.replace(",", language.mark).replace(".", language.mark)
    number = value(written, language)
    if number is None:
        return None
    magnitude = language.words.numbers.magnitudes.get(match["magnitude"] or "", "")
    signed = number.copy_negate() if match["sign"] or match["inner"] else number
    return amount(language, signed, code(language, match["currency"]), magnitude)


def _count_pattern(language: Language) -> str:
    """Millions of anything, where they are abbreviated."""
    short = language.words.numbers.magnitudes.keys() & language.words.abbreviations.always.keys()
    return (
        rf"{_SIGN}(?<![\w.,])(?P<number>{unsigned(language)}){APART}(?P<short>{any_of(short)})(?!\w)" if short else ""
    )


def _count(match: re.Match[str], language: Language) -> str | None:
    number = value(match["number"], language)
    said = number and numbers.cardinal(language, number)
    if not said:
        return None
    counted = f"{said} {language.words.abbreviations.always[match['short']]}"
    return numbers.negative(language, counted) if match["sign"] else counted


RULES: Final = (Rule(_before_pattern, _say), Rule(_behind_pattern, _say), Rule(_count_pattern, _count))
