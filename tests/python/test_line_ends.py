r"""`with_ends_of`: lines that stay keep their `\n` or `\r\n`, in files of any length."""

from __future__ import annotations

import cProfile

from keras_imports.python.line_ends import with_ends_of

LAYER = ("Dense(", "    output_dim=3,", "    activation='relu',", ")")


def mixed(lines):
    r"""The lines with `\n` after each third one, and `\r\n` after the others."""
    return "".join(line + ("\r\n" if n % 3 else "\n") for n, line in enumerate(lines))


def test_lines_that_stay_keep_their_ends_where_many_others_come_and_go():
    lines = [f"line {n}" for n in range(2000)]
    old = mixed(lines)
    ends = dict(zip(lines, old.splitlines(keepends=True), strict=True))
    kept = [line for n, line in enumerate(lines) if n % 50 > 3 and not 700 <= n < 800]
    new = [each for n, line in enumerate(kept) for each in (line, *[f"new {n}"] * (n % 40 == 0))]
    new[300:300] = [f"more {n}" for n in range(150)]
    result = with_ends_of(old, "".join(f"{line}\n" for line in new)).splitlines(keepends=True)
    assert [each.rstrip() for each in result] == new
    assert [each for each in result if each.startswith("line")] == [ends[line] for line in kept]


def test_lines_that_repeat_keep_their_ends():
    old = mixed(LAYER * 300)
    lines = ["units=3,".rjust(12) if "dim" in line else line for line in LAYER * 300]
    assert with_ends_of(old, "".join(f"{line}\n" for line in lines)) == mixed(lines)


def calls(size):
    """The calls that a file of many layers takes, those of built-in functions included."""
    old = mixed(LAYER * size)
    new = old.replace("\r\n", "\n").replace("output_dim", "units")
    profile = cProfile.Profile()
    profile.runcall(with_ends_of, old, new)
    return sum(entry.callcount for entry in profile.getstats())


def test_twice_the_lines_are_about_twice_the_work():
    assert calls(200) / calls(100) < 3
