from __future__ import annotations

import pickle

import pytest

from aligner import errors
from aligner.errors import AlignerError, DocumentError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AlignerError)]


def test_an_error_says_where_what_and_how_to_mend_it() -> None:
    assert str(DocumentError("is empty", "a.txt", "write something")) == "a.txt: is empty; write something"
    assert str(DocumentError("is empty")) == "is empty"


def test_an_error_gathers_places_as_it_climbs() -> None:
    error = DocumentError("is empty", "line 3", "mend").at("a.txt").at("b")
    assert (str(error), type(error)) == ("b, a.txt, line 3: is empty; mend", DocumentError)


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_survives_pickling_and_stands_in_the_one_tree(kind: type[AlignerError]) -> None:
    error = pickle.loads(pickle.dumps(kind("problem", "place", "mend")))  # noqa: S301 - our own bytes
    assert type(error) is kind
    assert (error.problem, error.place, error.mend) == ("problem", "place", "mend")


def test_the_tree_has_one_root() -> None:
    assert all(issubclass(kind, AlignerError) for kind in KINDS)
    assert AlignerError.__base__ is Exception
