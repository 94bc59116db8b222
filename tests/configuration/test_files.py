"""The nearest configuration counts, and what is wrong with one is said in a line."""

from __future__ import annotations

import os
from functools import partial

import pytest

from keras_imports.configuration.files import nearest

TABLE = "[tool.keras-imports]\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository, which is the current directory: write its files, ask for a configuration."""
    nearest.cache_clear()
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)

    def write(name, text):
        (tmp_path / name).write_text(text, "utf-8")

    return write


def ask(tmp_path, directory="a/b"):
    return nearest(str(tmp_path / directory))


def test_without_a_file_nothing_is_asked(project, tmp_path):
    assert ask(tmp_path).file == ""
    project("pyproject.toml", "[project]\nname = 'keras-imports'\n")
    nearest.cache_clear()
    assert ask(tmp_path).file == ""


def test_all_keys_are_read(project, tmp_path):
    project(
        "pyproject.toml",
        f"""{TABLE}
target = "keras==3.15.1"
installed = ["tensorflow==2.15.0"]
select = ["KI0", "KI2"]
ignore = ["KI204"]
exclude = ["vendor"]
per-file-ignores = {{ "tests/**" = ["KI2"] }}
packages = {{ my_layers = "keras2", rl = "any" }}
""",
    )
    found = ask(tmp_path)
    assert (found.file, found.target) == (str(tmp_path / "pyproject.toml"), "keras==3.15.1")
    assert found.installed == ("tensorflow==2.15.0",)
    assert (found.select, found.ignore) == (("KI0", "KI2"), ("KI204",))
    assert [(each.text, each.directory) for each in found.exclude] == [("vendor", str(tmp_path))]
    assert [(p.text, codes) for p, codes in found.per_file_ignores] == [("tests/**", ("KI2",))]
    assert found.packages == (("my_layers", "keras2"), ("rl", "any"))


def test_the_nearest_one_counts_as_a_whole(project, tmp_path):
    project("pyproject.toml", f'{TABLE}target = "keras"\nignore = ["KI2"]\n')
    project("a/keras-imports.toml", 'target = "tf_keras"\n')
    project("a/b/pyproject.toml", "[tool.other]\nkey = 1\n")
    assert (ask(tmp_path).target, ask(tmp_path).ignore) == ("tf_keras", ())
    assert ask(tmp_path, ".").target == "keras"


def test_nothing_above_the_repository_counts(project, tmp_path):
    project("keras-imports.toml", 'target = "keras"\n')
    (tmp_path / "a" / ".git").mkdir()
    assert ask(tmp_path).file == ""


def test_whatever_is_wrong_with_the_tables_of_others_is_theirs(project, tmp_path):
    project("pyproject.toml", "[[[ no TOML")
    assert ask(tmp_path).file == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('taget = "keras"', "there is no key `taget`; did you mean `target`?"),
        ("per_file_ignores = {}", "did you mean `per-file-ignores`?"),
        ("line-length = 88", "the keys are target, installed, select, ignore, exclude, "),
        ("target = 3", '`target`: it has to be a string, as in "keras"'),
        ('target = "kras"', "`target`: 'kras' is not a flavour"),
        ('target = "keras==9"', "`target`: keras 9 is not in the atlas"),
        ('installed = "keras==3.15.1"', "`installed`: it has to be a list of strings"),
        ('installed = ["keras>=3"]', "`installed`: 'keras>=3' is not NAME==VERSION"),
        ('select = "KI2"', '`select`: it has to be a list of strings, as in ["KI2"]'),
        ('ignore = ["KI221"]', "`ignore`: there is no code 'KI221'"),
        ("select = []", "`select`: it names no code; where it is left out, all are looked for"),
        ('exclude = ["!a.py"]', "`exclude`: '!a.py': no pattern takes files back"),
        ("exclude = [1]", "`exclude`: it has to be a list of strings"),
        ('per-file-ignores = ["tests"]', "`per-file-ignores`: it has to be a table"),
        ('per-file-ignores = { tests = ["E501"] }', "`tests`: there is no code 'E501'"),
        ('packages = { my-layers = "keras2" }', "'my-layers' is no package beside Keras, by the "),
        ('packages = { keras = "keras2" }', "'keras' is no package beside Keras"),
        ('tool.keras-imports.target = "keras"', "its keys stand without `tool.keras-imports`"),
        ('packages = { rl = "tf" }', "'tf' is no kind of `rl`; they are keras2, keras3, any"),
        ("target =", "this is no TOML: "),
    ],
)
def test_what_is_wrong_is_said_with_its_file_and_key(project, tmp_path, text, says):
    project("keras-imports.toml", text)
    with pytest.raises(ValueError, match=r"^keras-imports\.toml: ") as error:
        ask(tmp_path)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_misspelt_table_is_refused(project, tmp_path):
    project("pyproject.toml", "[tool.keras_imports]\ntarget = 'keras'\n")
    with pytest.raises(ValueError, match=r"did you mean `tool\.keras-imports`"):
        ask(tmp_path)


def test_a_table_that_is_not_below_tool_is_refused(project, tmp_path):
    project("pyproject.toml", "[keras-imports]\ntarget = 'keras'\n")
    with pytest.raises(ValueError, match=r"`keras-imports` has to be `tool\.keras-imports`"):
        ask(tmp_path)


def test_two_configurations_of_one_directory_are_refused(project, tmp_path):
    project("pyproject.toml", TABLE)
    project("keras-imports.toml", "")
    with pytest.raises(ValueError, match="one of them has to go"):
        ask(tmp_path)


def test_no_bytes_are_a_traceback(project, tmp_path):
    (tmp_path / "keras-imports.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="this is no TOML"):
        ask(tmp_path)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (os.mkdir, "not a regular file"),
        (os.mkfifo, "not a regular file"),
        (partial(os.symlink, "nowhere"), "a link to a file that does not exist"),
    ],
)
def test_what_is_no_file_is_refused(project, tmp_path, make, said):
    make(tmp_path / "keras-imports.toml")
    with pytest.raises(ValueError, match=f"^keras-imports.toml: {said}$"):
        ask(tmp_path)
