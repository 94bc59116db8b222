"""What `keras-imports why` says to messages that people pasted into public reports."""

from __future__ import annotations

import pytest
from asking_cases import pasted_cases

from keras_imports.asking.answers import explain
from keras_imports.asking.kinds import KINDS
from keras_imports.knowledge.messages import known_messages, matching

CASES = pasted_cases("pasted_messages.txt")


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_the_answer_says_what_is_right(case):
    answer = explain(case.text)
    said = " ".join(" ".join(answer.lines).split())
    assert answer.is_known
    assert not [words for words in case.said if words not in said], said
    assert not [words for words in case.unsaid if words in said], said


def test_there_are_forty_cases_of_public_reports():
    assert len({case.title for case in CASES}) >= 40


@pytest.mark.parametrize("message", known_messages(), ids=lambda message: message.says[0][:50])
def test_a_message_is_found_by_its_own_words(message):
    """What stands above it takes its words only if its kind may have nothing to say to them."""
    values = {"name": "xyz", "argument": "xyz", "class": "Xyz", "call": "Xyz", "any": ""}
    for text in message.says:
        for name, value in {**values, "module": "a.b", "path": "a.b"}.items():
            text = text.replace(f"<{name}>", value)
        for said in (text, text.replace("'", "")):
            found = [each for each, _ in matching(said)]
            assert message in found, said
            assert all(each.kind for each in found[: found.index(message)]), said


def test_a_warning_is_not_told_of_a_text_that_has_an_error():
    warning = "UserWarning: Do not pass an `input_shape`/`input_dim` argument to a layer."
    assert explain(warning).is_known
    assert not explain(f"{warning}\nValueError: nothing of Keras").is_known


def test_messages_are_explained_by_kinds_that_there_are():
    kinds = {message.kind for message in known_messages() if message.kind}
    assert kinds == set(KINDS)
    for message in known_messages():
        assert message.source, message.says
        assert message.kind or (message.means and message.fix), message.says
