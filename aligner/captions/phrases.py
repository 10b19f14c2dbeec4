"""Phrases in scripts that write no spaces, by `budoux` (a small trained model; Chinese, Japanese, Thai).

Only here is budoux known. A phrase never crosses a line of the text.
"""

from __future__ import annotations

from functools import cache

import budoux

_MODELS = {
    "zh-hans": budoux.load_default_simplified_chinese_parser,
    "zh-hant": budoux.load_default_traditional_chinese_parser,
    "ja": budoux.load_default_japanese_parser,
    "th": budoux.load_default_thai_parser,
}


# Where the model's score of a boundary is lower, it cuts a word more often than not. Measured on a novel in Chinese (of
# the boundaries below, half the words that were cut; above, one in twenty) and on two tales in Japanese.
_DOUBTFUL = {"zh-hans": 1500, "zh-hant": 1500, "ja": 600, "th": 0}

# The characters that each feature of budoux' model looks at, from and to, around the boundary.
_FEATURES = (
    ("UW1", -3, -2),
    ("UW2", -2, -1),
    ("UW3", -1, 0),
    ("UW4", 0, 1),
    ("UW5", 1, 2),
    ("UW6", 2, 3),
    ("BW1", -2, 0),
    ("BW2", -1, 1),
    ("BW3", 0, 2),
    ("TW1", -3, 0),
    ("TW2", -2, 1),
    ("TW3", -1, 2),
    ("TW4", 0, 3),
)


class _Scorer:
    """A model, and how sure it is of a boundary."""

    def __init__(self, model: str) -> None:
        self.parser = _MODELS[model]()
        weights = self.parser.model
        self._features = [(weights.get(name, {}), begin, stop) for name, begin, stop in _FEATURES]
        # A boundary is where the weights for it outweigh half of all weights.
        self._needed = sum(sum(group.values()) for group in weights.values()) / 2 + _DOUBTFUL[model]

    def doubtful(self, line: str, place: int) -> bool:
        score = 0
        for weights, begin, stop in self._features:
            if place + begin >= 0:
                score += weights.get(line[place + begin : place + stop], 0)
        return score < self._needed


_scorer = cache(_Scorer)


def cut(text: str, model: str) -> tuple[list[int], list[bool]]:
    """Where the phrases of a text begin, and of which beginnings the model is not sure.

    Returns:
        Two lists of one length: places in code points, ascending, the text's length as the last one; doubts.
    """
    scorer = _scorer(model)
    begins, doubts = [], []
    start = 0
    for line in text.splitlines(keepends=True):
        place = 0
        for phrase in scorer.parser.parse(line):
            begins.append(start + place)
            doubts.append(place > 0 and scorer.doubtful(line, place))
            place += len(phrase)
        start += len(line)
    return [*begins, len(text)], [*doubts, False]
