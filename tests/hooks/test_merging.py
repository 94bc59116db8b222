"""Changes that only touch are merged, and changes that contradict each other are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from merge.imports import settle_imports
from merge.lines import merge_lines

LINES = st.lists(st.sampled_from("abcdef"), max_size=8)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("a b c", "a b c", "a x c", "a x c"),
        ("a b c", "a x c", "a b c", "a x c"),
        ("a b c", "a x c", "a x c", "a x c"),
        # Where git sees a conflict, since no line is between the changes.
        ("a b c d", "a b X c d", "a B c d", "a B X c d"),
        ("a b c d", "a X b c d", "a B c d", "a X B c d"),
        ("a b c d", "a B c d", "a b X c d", "a B X c d"),
        ("a b c d", "a B c d", "a b C d", "a B C d"),
        ("a b c", "a b X c", "a c", "a X c"),
        ("a b c d", "a X b c d", "a c b d", "a X c b d"),
        # Both insert at one place: ours goes on with what is before it.
        ("a b", "a X b", "a Y b", "a X Y b"),
        ("a b", "a X b", "a X b", "a X b"),
    ],
)
def test_changes_that_touch_are_both_made(base: str, ours: str, theirs: str, merged: str) -> None:
    assert merge_lines(base.split(), ours.split(), theirs.split()) == merged.split()


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("a b c", "a x c", "a y c"),  # the same line
        ("a b c", "a c", "a y c"),  # removed here, changed there
        ("a b c d", "a x d", "a b y d"),  # one line of two
        ("a b c d", "a b x c d", "a y d"),  # within what the other side changed
        ("a b c", "b a c", "a x c"),  # moved here, changed there
        ("a b c", "b a c", "a c"),  # moved here, removed there
    ],
)
def test_changes_of_the_same_lines_are_a_conflict(base: str, ours: str, theirs: str) -> None:
    assert merge_lines(base.split(), ours.split(), theirs.split()) is None


@pytest.mark.parametrize("line", ['extend-exclude = ["mine"]\n', "[tool.uv]\n", "key: value\n"])
def test_the_same_key_or_table_from_both_sides_is_a_conflict(line: str) -> None:
    assert merge_lines(["a\n"], ["a\n", line], ["a\n", "other\n", line]) is None


def items(*requirements: str) -> list[str]:
    return [f'    "{requirement}",\n' for requirement in requirements]


OLD = items("keras>=3.15,<3.16", "tensorflow>=2.21; platform_machine == 'x86_64'")


@pytest.mark.parametrize(
    ("ours", "theirs", "merged"),
    [
        (OLD[:1] + items("pandas") + OLD[1:], items("tf-keras>=2"), items("pandas", "tf-keras>=2")),
        (OLD[:1] + items("pandas") + OLD[1:], [], items("pandas")),
        (OLD[:1] + items("x") + OLD[1:], OLD[:1] + items("jax"), OLD[:1] + items("x", "jax")),
    ],
)
def test_requirements_are_merged_by_distribution(
    ours: list[str], theirs: list[str], merged: list[str]
) -> None:
    assert merge_lines(OLD, ours, theirs) == merged


def test_keys_are_merged_by_their_names() -> None:
    base = ['"k".msg = "a"\n', '"m.n".msg = "a"\n']
    ours = [base[0], '"mine".msg = "x"\n', base[1]]
    theirs = ['"m.n".msg = "b"\n', '"o".msg = "b"\n']
    assert merge_lines(base, ours, theirs) == [ours[1], *theirs]
    assert merge_lines(base, [base[0], '"m.n".msg = "x"\n'], theirs) is None


def test_a_requirement_that_both_sides_changed_is_a_conflict() -> None:
    assert merge_lines(OLD, items("keras==3.15.1") + OLD[1:], items("tf-keras>=2")) is None


@given(LINES, LINES)
def test_what_one_side_alone_changed_is_its_text(base: list[str], changed: list[str]) -> None:
    assert merge_lines(base, changed, base) == changed
    assert merge_lines(base, base, changed) == changed
    assert merge_lines(base, changed, changed) == changed


@given(LINES, LINES, LINES)
def test_no_line_is_lost_or_invented(base: list[str], ours: list[str], theirs: list[str]) -> None:
    merged = merge_lines(base, ours, theirs)
    if merged is not None:
        for line in set(base + ours + theirs):
            counts = [side.count(line) for side in (base, ours, theirs)]
            assert merged.count(line) <= counts[1] + counts[2]
            assert merged.count(line) >= counts[1] + counts[2] - max(counts)


def conflict(base: str, ours: str, theirs: str) -> str:
    return (
        f"first\n<<<<<<< before updating\n{ours}||||||| last update\n{base}"
        f"=======\n{theirs}>>>>>>> after updating\nlast\n"
    )


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        (
            "from k import a, c\n",
            "from k import a, c, d\n",
            "from k import M, a, b, c\n",
            "from k import M, a, b, c, d\n",
        ),
        (
            "from k import a, b\n",
            "from k import b\n",
            "from k import a, b, c\n",
            "from k import b, c\n",
        ),
        ("from k import a\n", "import k\n", "from k import a, b\n", "import k\nfrom k import b\n"),
        ("", "from k import a as x\n", "import m.n\n", "import m.n\nfrom k import a as x\n"),
        (
            "from k import a\n",
            "from z import y\nfrom k import a\n",  # in an order of the user's own
            "from k import a, b\n",
            "from z import y\nfrom k import a, b\n",
        ),
        (
            "from k import a\n",
            f"from k import (\n    a,\n    {'b' * 60},\n)\n",
            f"from k import a, {'c' * 60}\n",
            f"from k import (\n    a,\n    {'b' * 60},\n    {'c' * 60},\n)\n",
        ),
        (
            "from k import a\r\n",
            "from k import a, b\r\n",
            "from k import a, c\r\n",
            "from k import a, b, c\r\n",
        ),
    ],
)
def test_import_lines_are_merged_by_their_names(
    base: str, ours: str, theirs: str, merged: str
) -> None:
    assert settle_imports(conflict(base, ours, theirs)) == (f"first\n{merged}last\n", 0)


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("x = 1\n", "x = 2\n", "x = 3\n"),
        ("from k import a\n", "from k import a, b  # mine\n", "from k import a, c\n"),
        ("from k import a\n", "from k import a\nx = 1\n", "from k import a, c\n"),
        ("from k import a\n", "from k import (a,\n", "from k import a, c\n"),
    ],
)
def test_all_else_stays_a_conflict_without_its_base(base: str, ours: str, theirs: str) -> None:
    expected = f"<<<<<<< before updating\n{ours}=======\n{theirs}>>>>>>> after updating\n"
    assert settle_imports(conflict(base, ours, theirs)) == (f"first\n{expected}last\n", 1)


def test_a_conflict_is_no_longer_than_what_differs() -> None:
    text, left = settle_imports(
        conflict("x = 1\n", "a = 1\nx = 2\nb = 1\n", "a = 1\nx = 3\nb = 1\n")
    )
    differs = "<<<<<<< before updating\nx = 2\n=======\nx = 3\n>>>>>>> after updating\n"
    assert (text, left) == (f"first\na = 1\n{differs}b = 1\nlast\n", 1)


def test_a_text_without_conflicts_is_left_alone() -> None:
    text = "Title\n=======\n<<<<<<< no conflict\n"
    assert settle_imports(text) == (text, 0)
