"""What goes wrong with tables: `test_faults.py` runs these in a generated project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from digits.config import Config
from digits.data import load_data, read_examples
from digits.runs import CannotGoOn

ROWS = ["40,Ulm,80", "55,Bonn,120", "60,Ulm,110", "90,Bonn,200", "75,Bonn,160"]
TABLE = "\n".join(["size,town,price", *ROWS])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a table that is right."""
    path = tmp_path / "flats.csv"
    path.write_text(TABLE, "utf-8")
    return path


def load(path: Path, target: str = "price"):
    return load_data(Config(data=str(path), target=target))


def refused(path: Path, target: str = "price") -> str:
    """Give the one line that a table is refused with."""
    with pytest.raises(CannotGoOn) as error:
        load(path, target)
    assert "\n" not in error.value.message
    assert error.value.message.startswith(f"{path} cannot be used: ")
    return error.value.message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it has no rows below a header"),
        ("size,town,price\n", "it has no rows below a header"),
        ("\n".join(["size,town,price", *ROWS[:4]]), "it has 4 rows, and five are the least"),
        (TABLE.replace("size,", "town,"), "two of its columns have the same name"),
        (TABLE.replace("55", ""), "line 3: size is empty"),
        (TABLE.replace("55", "5,5"), "line 3 has 4 cells, and the header 3"),
        (TABLE.replace("55", "nan"), "line 3: size is 'nan', and no number"),
        (TABLE.replace("55", "inf"), "line 3: size is 'inf', and no number"),
        (TABLE.replace("75,", '75,"'), "unexpected end of data"),
        (
            TABLE.replace(",", ";"),
            "its cells are separated by semicolons, and should be by commas",
        ),
        (TABLE.replace("120", "120 EUR"), "line 3: price is '120 EUR', and no number"),
        ("price\n1\n2\n3\n4\n5", "it has no column but 'price'"),
        ("a,price\n1,3\n2,3\n3,3\n4,3\n5,3", "price is 3 in all rows: nothing can be learnt"),
    ],
)
def test_a_table_that_cannot_be_used(text, reason, path):
    path.write_text(text, "utf-8")
    assert reason in refused(path)


def test_files_that_are_no_table(path, tmp_path):
    assert "No such file" in refused(tmp_path / "nothing.csv")
    assert "Is a directory" in refused(tmp_path)
    path.write_bytes("size,straße,price\n".encode("latin-1"))
    assert "it is not in UTF-8" in refused(path)
    path.write_text("price\n" + "9" * 200_000, "utf-8")
    assert "field larger than field limit" in refused(path)


def test_a_column_of_names_is_no_category(path):
    rows = [f"{index},name {index},{index}" for index in range(100)]
    path.write_text("\n".join(["size,town,price", *rows]), "utf-8")
    assert "town has 100 categories in 100 rows, from which nothing can be learnt" in refused(path)


def test_how_a_table_may_be_written(path):
    text = TABLE.replace(",", ", ").replace(" Ulm", '"Ulm, old"') + "\n\n"
    path.write_text(text, "utf-8-sig", newline="\r\n")
    data = load(path)
    assert data.columns == {"size": (), "town": ("Bonn", "Ulm, old")}
    np.testing.assert_allclose(sorted(data.train[0][:, 1:].sum(axis=1)), 1)


def test_rows_may_have_their_columns_in_any_order(path, tmp_path):
    data = load(path)
    for name, text in {"a": "town,size\nUlm,40", "b": "price,size,town\n?,40,Ulm"}.items():
        (tmp_path / name).write_text(text, "utf-8")
        np.testing.assert_array_equal(read_examples(tmp_path / name, data), [[40, 0, 1]])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("size\n40", "it has no column town, which training had"),
        ("size,town,rooms\n40,Ulm,2", "it has a column rooms, which training had not"),
        ("size,town\n40,Ulm\n50,Kiel", "line 3: town is 'Kiel'; training knew Bonn, Ulm"),
        ("size,town\nlarge,Ulm", "line 2: size is 'large', and no number"),
        ("size,town", "it has no rows below a header"),
    ],
)
def test_rows_unlike_those_of_training(text, reason, path, tmp_path):
    data = load(path)
    (tmp_path / "rows.csv").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=reason):
        read_examples(tmp_path / "rows.csv", data)
