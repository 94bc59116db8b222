"""What a project or the command line asks of `check` and `migrate` is what they do."""

from __future__ import annotations

import json

import pytest
from releases import KERAS, TENSORFLOW, TF_KERAS

from keras_imports.cli import main

K3 = ["--installed", f"keras=={KERAS}", "--installed", f"tensorflow=={TENSORFLOW}"]
OLD = """from keras.layers.core import Dense
from keras.models import Sequential

model = Sequential([Dense(3, init="zero")])
model.predict_classes(rows)
"""


@pytest.fixture
def project(repository):
    """Write the files of a repository, which is the current directory, by their names."""

    def write(files):
        for name, text in files.items():
            path = repository / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return repository

    return write


@pytest.fixture
def found(capsys):
    """Run `check` with some arguments; return the files and codes that it finds."""

    def check(*arguments):
        main(["check", *arguments, "--json"])
        rows = json.loads(capsys.readouterr().out)["findings"]
        return [(row["file"], row["code"]) for row in rows]

    return check


def codes(rows):
    return [code for _, code in rows]


# check


def test_codes_are_selected_and_ignored(project, found):
    project({"a.py": OLD})
    assert codes(found(".", *K3)) == ["KI001", "KI007", "KI108"]
    assert codes(found(".", *K3, "--select", "KI0")) == ["KI001", "KI007"]
    assert codes(found(".", *K3, "--select", "KI007,KI1")) == ["KI007", "KI108"]
    assert codes(found(".", *K3, "--ignore", "KI0", "--ignore", "KI2")) == ["KI108"]


def test_the_command_line_wins_over_the_file(project, found):
    project({"a.py": OLD, "keras-imports.toml": 'select = ["KI1"]\nignore = ["KI001"]\n'})
    assert codes(found(".", *K3)) == ["KI108"]
    assert codes(found(".", *K3, "--select", "KI0")) == ["KI001", "KI007"]
    assert codes(found(".", *K3, "--ignore", "KI1")) == []


def test_codes_are_ignored_in_some_files(project, found):
    rows = '{ "tests" = ["KI0"], "*_old.py" = ["KI108"] }'
    project(
        {
            "a.py": OLD,
            "tests/b.py": OLD,
            "tests/c_old.py": OLD,
            "keras-imports.toml": f"per-file-ignores = {rows}\n",
        }
    )
    assert found(".", *K3) == [
        ("a.py", "KI001"),
        ("a.py", "KI007"),
        ("a.py", "KI108"),
        ("tests/b.py", "KI108"),
    ]


def test_files_are_excluded_and_counted(project, found, capsys):
    project({"a.py": OLD, "vendor/b.py": OLD, "keras-imports.toml": 'exclude = ["vendor"]\n'})
    assert {file for file, _ in found(".", *K3)} == {"a.py"}
    assert found("vendor/b.py", *K3) == []
    assert main(["check", ".", *K3, "--exclude", "a.*"]) == 0
    assert capsys.readouterr().err.endswith(": nothing was looked at: 2 files excluded\n")
    main(["check", ".", *K3])
    assert capsys.readouterr().err.endswith("(as named): 3 errors; 1 file excluded\n")


def test_an_excluded_file_tells_the_others_what_it_hands_over(project, found):
    project(
        {
            "vendor.py": "import keras\n\ndef build():\n    return keras.Sequential()\n",
            "a.py": "from vendor import build\n\nbuild().predict_classes(rows)\n",
            "keras-imports.toml": 'exclude = ["vendor.py"]\n',
        }
    )
    assert found(".", *K3) == [("a.py", "KI108")]


def test_each_file_is_held_against_what_its_configuration_names(project, found, capsys):
    line = "import keras\n\nkeras.Sequential().predict_classes(rows)\n"
    project(
        {
            "old/a.py": line,
            "old/keras-imports.toml": 'installed = ["keras==2.2.4"]\n',
            "new/a.py": line,
            "new/pyproject.toml": f'[tool.keras-imports]\ninstalled = ["keras=={KERAS}"]\n',
            "new/requirements.txt": "keras==2.2.4\n",
        }
    )
    assert found(".") == [("new/a.py", "KI108")]
    main(["check", "."])
    said = capsys.readouterr().err
    assert f"1 file against keras {KERAS} (as new/pyproject.toml says)" in said
    assert "1 file against keras 2.2.4 (as old/keras-imports.toml says)" in said
    assert found(".", "--installed", "keras==2.2.4") == []


def test_the_target_is_what_a_project_wants_to_be(project, found):
    project(
        {
            "a.py": "from tensorflow.keras import layers\n\nlayers.Dense(1)\n",
            "keras-imports.toml": 'target = "keras"\n',
        }
    )
    assert set(codes(found(".", *K3))) == {"KI005"}
    assert found(".", *K3, "--flavour", "tensorflow.keras") == []


def test_packages_of_a_team_belong_to_a_keras(project, found, capsys):
    packages = '{ team_layers = "keras2", tensorflow_addons = "any" }'
    project(
        {
            "a.py": "from team_layers import Norm\n",
            "b.py": "import keras\nimport tensorflow_addons\n",
            "keras-imports.toml": f"packages = {packages}\n",
        }
    )
    assert found(".", *K3) == [("a.py", "KI220")]
    main(["check", ".", *K3])
    assert "`team_layers.Norm` needs Keras 2, as the configuration says" in capsys.readouterr().out
    assert found("a.py", "--installed", f"tf-keras=={TF_KERAS}") == []


def test_fixes_leave_what_is_ignored(project):
    tree = project({"a.py": OLD, "b.py": OLD, "keras-imports.toml": 'exclude = ["b.py"]\n'})
    main(["check", ".", *K3, "--fix", "--ignore", "KI007"])
    text = (tree / "a.py").read_text("utf-8")
    assert "from keras.layers import Dense" in text
    assert 'Dense(3, init="zero")' in text
    assert (tree / "b.py").read_text("utf-8") == OLD


def test_statistics_count_each_code(project, capsys):
    project({"a.py": OLD, "b.py": OLD.replace("model.predict", "model.\\\n    predict")})
    assert main(["check", ".", *K3, "--statistics", "--ignore", "KI108"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "2  KI001  no such name in the installed release",
        "2  KI007  argument that is not accepted",
    ]
    assert err.endswith(": 4 errors\n")
    main(["check", "a.py", *K3, "--statistics", "--json", "--select", "KI007"])
    [row] = json.loads(capsys.readouterr().out)["statistics"]
    assert row == {"code": "KI007", "title": "argument that is not accepted", "count": 1}
    assert main(["check", "a.py", *K3, "--statistics", "--format", "sarif"]) == 2


@pytest.mark.parametrize("command", [["check", "."], ["migrate", ".", "--to", "keras"]])
def test_what_is_wrong_with_a_configuration_is_one_line(project, capsys, command):
    tree = project({"a.py": OLD, "keras-imports.toml": 'selct = ["KI2"]\n'})
    assert main(command) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "keras-imports: keras-imports.toml: there is no key `selct`; did you mean `select`?\n"
    )
    assert (tree / "a.py").read_text("utf-8") == OLD


@pytest.mark.parametrize("command", [["check", "."], ["migrate", ".", "--to", "keras"]])
def test_an_unknown_code_is_refused(project, capsys, command):
    project({"a.py": OLD})
    assert main([*command, "--ignore", "KI202"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("keras-imports: --ignore: there is no code 'KI202', ")
    assert err.count("\n") == 1


# migrate


def test_the_target_is_where_code_is_moved(project, capsys):
    tree = project(
        {
            "a.py": "from keras.layers import Dense\n",
            "b/a.py": "from keras.layers import Dense\n",
            "pyproject.toml": f'[tool.keras-imports]\ntarget = "tf_keras=={TF_KERAS}"\n',
            "b/keras-imports.toml": 'target = "tensorflow.keras==2.15"\n',
        }
    )
    assert main(["migrate", "."]) == 0
    assert (tree / "a.py").read_text("utf-8") == "from tf_keras.layers import Dense\n"
    assert (tree / "b/a.py").read_text("utf-8") == "from tensorflow.keras.layers import Dense\n"
    assert f"2 of 2 files moved to tf_keras=={TF_KERAS}, tensorflow.keras==2.15" in (
        capsys.readouterr().err
    )


def test_the_command_line_says_where_all_code_is_moved(project):
    tree = project({"a.py": "import keras\n", "keras-imports.toml": 'target = "keras"\n'})
    assert main(["migrate", ".", "--to", "tf_keras"]) == 0
    assert (tree / "a.py").read_text("utf-8") == "import tf_keras as keras\n"


def test_without_any_target_nothing_is_moved(project, capsys):
    tree = project(
        {
            "a/a.py": "import keras\n",
            "a/keras-imports.toml": 'target = "tf_keras"\n',
            "b/b.py": "import keras\n",
        }
    )
    assert main(["migrate", "a", "b"]) == 2
    assert "nothing says where to move b/b.py: give `--to`" in capsys.readouterr().err
    assert (tree / "a/a.py").read_text("utf-8") == "import keras\n"
    assert main(["migrate", "a", "b", "--exclude", "b"]) == 0
    assert (tree / "a/a.py").read_text("utf-8") == "import tf_keras as keras\n"
    undo = "`keras-imports migrate --undo` takes it back"
    assert capsys.readouterr().err.endswith(f"; 1 file excluded; {undo}\n")


def test_the_releases_of_a_configuration_tell_the_age_of_code(project, capsys):
    line = "import keras\n\nkeras.layers.BatchNormalization(axis=1)(x)\nkeras.backend.floatx()\n"
    project({"a.py": line, "keras-imports.toml": 'installed = ["keras==2.2.4"]\n'})
    main(["migrate", "a.py", "--to", "tf_keras"])
    said = "`keras` is taken for Keras 2, by keras==2.2.4 in keras-imports.toml\n"
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ignore", "stays", "goes"),
    [
        ("KI001", "from keras.layers.core import Dense", 'kernel_initializer="zero"'),
        ("KI007", 'Dense(3, init="zero")', "from keras.layers import Dense"),
        ("KI0", OLD, ""),
    ],
)
def test_a_fix_whose_code_is_ignored_is_not_made(project, ignore, stays, goes):
    tree = project({"a.py": OLD})
    main(["migrate", "a.py", "--to", "keras", "--ignore", ignore])
    text = (tree / "a.py").read_text("utf-8")
    assert stays in text
    assert goes in text


def test_what_is_ignored_is_not_named(project, capsys):
    project({"a.py": OLD})
    assert main(["migrate", "a.py", "--to", "keras", "--diff"]) == 1
    assert "KI108" in capsys.readouterr().err
    assert main(["migrate", "a.py", "--to", "keras", "--diff", "--select", "KI0"]) == 0
    assert "KI108" not in capsys.readouterr().err


def test_what_stays_by_wish_tells_no_age_of_what_was_moved(project):
    tree = project({"a.py": OLD + "model.fit_generator(batches)\n"})
    main(["migrate", "a.py", "--to", "keras", "--ignore", "KI007"])
    assert "model.fit(batches)\n" in (tree / "a.py").read_text("utf-8")


def test_dependency_files_go_where_their_code_goes(project):
    tree = project(
        {
            "a/a.py": "import keras\n\nkeras.Model\n",
            "a/requirements.txt": "keras==2.2.4\n",
            "a/keras-imports.toml": 'target = "tf_keras"\n',
            "b/b.py": "import keras\n\nkeras.Model\n",
            "b/requirements.txt": "keras==2.2.4\n",
            "b/keras-imports.toml": 'target = "keras"\nexclude = ["requirements.txt"]\n',
        }
    )
    main(["migrate", ".", "--dependencies"])
    assert "tf_keras" in (tree / "a/requirements.txt").read_text("utf-8").replace("-", "_")
    assert (tree / "b/requirements.txt").read_text("utf-8") == "keras==2.2.4\n"


@pytest.mark.parametrize("option", [("--select", ""), ("--exclude", "../b"), ("--ignore", "KI999")])
def test_an_option_that_means_nothing_is_refused(project, capsys, option):
    project({"a.py": OLD})
    assert main(["check", "a.py", *option]) == 2
    assert capsys.readouterr().err.startswith(f"keras-imports: {option[0]}: ")
