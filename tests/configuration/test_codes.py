"""Codes are chosen by their beginnings: the longer one counts."""

from __future__ import annotations

import pytest

from keras_imports.check.rules import CODES
from keras_imports.configuration.codes import codes_of, ignored_codes, parse_codes


def wanted(select=(), ignore=()):
    return set(CODES) - ignored_codes(tuple(select), tuple(ignore))


def test_all_are_wanted_if_nothing_is_chosen():
    assert wanted() == wanted(["KI"]) == set(CODES)


def test_a_beginning_stands_for_all_that_begin_so():
    assert wanted(["KI2"]) == {code for code in CODES if code.startswith("KI2")}
    assert wanted(ignore=["KI2"]) == {code for code in CODES if not code.startswith("KI2")}
    assert codes_of(("KI40", "KI001")) == {"KI001", "KI401", "KI402"}


def test_of_two_that_name_a_code_the_longer_counts():
    assert "KI205" in wanted(["KI205"], ["KI2"])
    assert "KI204" not in wanted(["KI205"], ["KI2"])
    assert "KI205" not in wanted(["KI2"], ["KI205"])
    assert "KI205" not in wanted(["KI205"], ["KI205"])


def test_codes_may_be_written_small():
    assert parse_codes(["ki2", " KI001 "]) == ("KI2", "KI001")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("KI221", "did you mean KI220?"),
        ("KI9", "did you mean KI0"),
        ("E501", "`keras-imports explain` lists them"),
        ("", "`keras-imports explain` lists them"),
    ],
)
def test_what_no_code_begins_with_is_refused(name, says):
    with pytest.raises(ValueError, match=f"there is no code '{name}'") as error:
        parse_codes([name])
    assert says in str(error.value)
