"""What scripts/behaviour.yml says of both Keras is well-formed."""

from __future__ import annotations

import pytest
from test_scripts import script

compare_behaviour = script("compare_behaviour")
DATA = compare_behaviour.load()
CASES = list(compare_behaviour.cases(DATA))


def test_programs_set_their_result_and_explained_differences_have_a_reason():
    for case in CASES:
        compile(case.code, case.name, "exec")
        assert "result" in case.code, case.name
        assert case.verdict in ("", *compare_behaviour.VERDICTS), case.name
        assert bool(case.verdict) == bool(case.reason), case.name
    assert len({case.name for case in CASES}) == len(CASES) > 500


def test_differences_of_symbols_have_a_verdict_and_a_reason():
    for pattern, entry in DATA["symbols"]["differences"].items():
        assert set(entry) == {"verdict", "reason"}, pattern
        assert entry["verdict"] in compare_behaviour.VERDICTS, pattern


@pytest.mark.parametrize(
    ("results", "left", "seen"),
    [
        (("1", "1", "2"), (), "same"),
        (("raises A", "raises B", "raises B"), (), "same"),
        (("1", "2", "1"), ("a line",), "handled"),
        (("1", "2", "2"), ("a line",), "reported"),
        (("1", "2", "2"), (), "missed"),
    ],
)
def test_how_a_difference_is_met(results, left, seen):
    assert compare_behaviour.verdict_of(*results, left) == seen


@pytest.mark.parametrize(
    ("said", "seen", "right"),
    [
        ("", "same", True),
        ("", "handled", True),
        ("", "missed", False),
        ("handled", "same", False),
        ("missed", "reported", False),
        ("harmless", "missed", True),
        ("harmless", "same", False),
    ],
)
def test_what_is_said_has_to_be_what_is_seen(said, seen, right):
    assert compare_behaviour.is_as_said(said, seen) == right


def test_results_are_compared_by_five_digits():
    assert compare_behaviour.plain([133333346.6, 0.00001, True, "a"]) == [
        133330000.0,
        0.0,
        True,
        "a",
    ]
    assert compare_behaviour.plain({"b": (1, 2.00001)}) == {"b": [1.0, 2.0]}
