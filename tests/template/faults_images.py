"""What goes wrong with folders of images: `test_faults.py` runs these in a generated project."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from digits.config import Config
from digits.data import first_examples, load_data, read_examples
from digits.runs import CannotGoOn
from PIL import Image


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with three images of each of two classes."""
    folder = tmp_path / "flowers"
    for name in ("rose", "tulip"):
        (folder / name).mkdir(parents=True)
        for index in range(3):
            Image.new("RGB", (40, 30), (index, 200, 90)).save(folder / name / f"{index}.png")
    return folder


def refused(folder: Path) -> str:
    """Give the one line that a folder is refused with."""
    with pytest.raises(CannotGoOn) as error:
        load_data(Config(data=str(folder)))
    assert "\n" not in error.value.message
    return error.value.message


def truncate(path: Path) -> None:
    Image.effect_noise((64, 64), 90).save(path)
    path.write_bytes(path.read_bytes()[:900])


FILES: dict[str, Callable[[Path], object]] = {
    "truncated.png": truncate,
    "empty.jpg": lambda path: path.touch(),
    "list.csv": lambda path: path.write_text("a,b"),
    "deep.png": lambda path: Image.new("I;16", (8, 8)).save(path),
    "exact.tiff": lambda path: Image.new("F", (8, 8)).save(path),
    "nowhere.png": lambda path: path.symlink_to("nothing"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_image_is_named(name, folder):
    FILES[name](folder / "tulip" / name)
    assert f"{folder / 'tulip' / name} is no image to learn from: " in refused(folder)


def test_folders_that_have_no_classes(folder, tmp_path):
    assert "is no folder" in refused(tmp_path / "nothing")
    assert "is no folder" in refused(folder / "rose/0.png")
    assert "has 0 sub-folders" in refused(folder / "rose")
    outer = tmp_path / "outer"
    for name in ("test", "train"):
        shutil.copytree(folder, outer / name)
    assert f"{outer / 'test/rose'} is a folder, where images of the class 'test'" in refused(outer)
    shutil.rmtree(folder / "rose")
    assert "has 1 sub-folders" in refused(folder)


def test_a_class_with_too_few_images(folder):
    for index in (1, 2):
        (folder / "rose" / f"{index}.png").unlink()
    assert f"{folder / 'rose'} has 1 images: a class needs two or more" in refused(folder)


def test_what_systems_hide_is_no_image_and_no_class(folder):
    (folder / ".cache").mkdir()
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (folder / "rose" / name).touch()
    assert load_data(Config(data=str(folder))).classes == ("rose", "tulip")


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK"])
def test_images_of_any_mode_have_three_colours(mode, folder):
    Image.new(mode, (9, 90)).save(folder / "rose" / "any.tiff")
    x, _ = first_examples(load_data(Config(data=str(folder))).train)
    assert x.shape[1:] == (32, 32, 3)
    assert x.dtype == np.float32


def test_a_photograph_stands_upright(folder):
    picture = Image.new("RGB", (8, 8))
    picture.paste((255, 255, 255), (0, 0, 8, 4))  # white above
    exif = picture.getexif()
    exif[0x0112] = 3  # to be turned by half
    picture.save(folder / "turned.png", exif=exif)
    (image,) = read_examples(folder / "turned.png", load_data(Config(data=str(folder))))
    assert image[0].max() < 99 < image[-1].min()


def test_the_same_seed_divides_in_the_same_way(folder):
    one, same, other = (load_data(Config(data=str(folder), seed=seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.train[0], same.train[0])
    assert (one.train[0] != other.train[0]).any()
