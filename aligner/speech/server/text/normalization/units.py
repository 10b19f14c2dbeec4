"""Measurements: a number and its unit. The symbols stand here, what they are called is in CLDR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aligner.speech.server.text.normalization import language as languages
from aligner.speech.server.text.normalization import numbers
from aligner.speech.server.text.normalization.rule import APART, Rule, any_of, unsigned, value

if TYPE_CHECKING:
    import re
    from decimal import Decimal

    from aligner.speech.server.text.normalization.language import Language

SYMBOLS: Final = {
    "%": "concentr-percent", "٪": "concentr-percent", "‰": "concentr-permille",
    "㎞": "length-kilometer", "㎝": "length-centimeter", "㎜": "length-millimeter", "㎏": "mass-kilogram",
    "㎡": "area-square-meter", "㎥": "volume-cubic-meter",
    "km": "length-kilometer", "m": "length-meter", "dm": "length-decimeter", "cm": "length-centimeter",
    "mm": "length-millimeter", "µm": "length-micrometer", "μm": "length-micrometer", "nm": "length-nanometer",
    "mi": "length-mile", "yd": "length-yard", "ft": "length-foot", "nmi": "length-nautical-mile",
    "km²": "area-square-kilometer", "m²": "area-square-meter", "cm²": "area-square-centimeter",
    "km2": "area-square-kilometer", "m2": "area-square-meter", "cm2": "area-square-centimeter",
    "ha": "area-hectare", "ft²": "area-square-foot", "mi²": "area-square-mile",
    "m³": "volume-cubic-meter", "cm³": "volume-cubic-centimeter", "m3": "volume-cubic-meter",
    "km³": "volume-cubic-kilometer", "l": "volume-liter", "L": "volume-liter", "dl": "volume-deciliter",
    "cl": "volume-centiliter", "ml": "volume-milliliter", "mL": "volume-milliliter", "hl": "volume-hectoliter",
    "gal": "volume-gallon", "t": "mass-tonne", "kg": "mass-kilogram", "g": "mass-gram", "mg": "mass-milligram",
    "µg": "mass-microgram", "μg": "mass-microgram", "lb": "mass-pound", "lbs": "mass-pound", "oz": "mass-ounce",
    "°C": "temperature-celsius", "° C": "temperature-celsius", "℃": "temperature-celsius",
    "°F": "temperature-fahrenheit", "° F": "temperature-fahrenheit", "℉": "temperature-fahrenheit", "°": "angle-degree",
    "km/h": "speed-kilometer-per-hour", "kph": "speed-kilometer-per-hour", "m/s": "speed-meter-per-second",
    "mph": "speed-mile-per-hour", "kn": "speed-knot", "h": "duration-hour", "min": "duration-minute",
    "s": "duration-second", "ms": "duration-millisecond", "µs": "duration-microsecond", "ns": "duration-nanosecond",
    "bit": "digital-bit", "kbit": "digital-kilobit", "Mbit": "digital-megabit", "Gbit": "digital-gigabit",
    "kB": "digital-kilobyte", "KB": "digital-kilobyte", "MB": "digital-megabyte", "GB": "digital-gigabyte",
    "TB": "digital-terabyte", "PB": "digital-petabyte", "Hz": "frequency-hertz", "kHz": "frequency-kilohertz",
    "MHz": "frequency-megahertz", "GHz": "frequency-gigahertz", "V": "electric-volt", "mA": "electric-milliampere",
    "Ω": "electric-ohm", "W": "power-watt", "kW": "power-kilowatt", "MW": "power-megawatt", "GW": "power-gigawatt",
    "mW": "power-milliwatt", "kWh": "energy-kilowatt-hour", "kJ": "energy-kilojoule", "J": "energy-joule",
    "kcal": "energy-kilocalorie", "cal": "energy-calorie", "eV": "energy-electronvolt", "N": "force-newton",
    "Pa": "pressure-pascal", "hPa": "pressure-hectopascal", "kPa": "pressure-kilopascal", "MPa": "pressure-megapascal",
    "bar": "pressure-bar", "mbar": "pressure-millibar", "atm": "pressure-atmosphere", "lx": "light-lux",
    "lm": "light-lumen", "cd": "light-candela", "px": "graphics-pixel", "MP": "graphics-megapixel",
    "dpi": "graphics-dot-per-inch", "dB": "sound-decibel",
}  # fmt: skip
"""What is written for a unit in any language, with its name in CLDR 48; none that is also a word (in, A)."""

SIGN: Final = r"(?P<sign>(?<![\w.,)\]\-])[-−])?"  # noqa: RUF001 - the minus
"""Of a negative amount; not a hyphen."""


def symbols(language: Language) -> str:
    """A pattern for the units of a language."""
    return any_of((*SYMBOLS, *language.words.units.symbols))


def measure(language: Language, amount: Decimal, symbol: str) -> str | None:
    """A number with its unit. Where nobody knows the words of its numbers, the digits stay for the engine to read."""
    name = language.words.units.symbols.get(symbol) or SYMBOLS.get(symbol, symbol)
    template = languages.unit(language, name, amount)
    said = numbers.cardinal(language, amount, gender(language.words.units, name)) or _figures(language, amount)
    return template.format(said) if template and said else None


def gender(words: object, name: str) -> str:
    """The form of a cardinal before a noun, from the lists of a table."""
    for form in ("feminine", "neuter"):
        if name in getattr(words, form).split():
            return form
    return "masculine"


def _figures(language: Language, amount: Decimal) -> str | None:
    return None if numbers.known(language) else f"{amount:f}".replace(".", language.mark)


def _pattern(language: Language) -> str:
    return rf"{SIGN}(?<![\d.,])(?P<number>{unsigned(language)}){APART}(?P<unit>{symbols(language)})(?![\w²³]|/\w)"


def _say(match: re.Match[str], language: Language) -> str | None:
    amount = value(match["number"], language)
    if amount is None:
        return None
    return measure(language, amount.copy_negate() if match["sign"] else amount, match["unit"])


RULES: Final = (Rule(_pattern, _say),)
