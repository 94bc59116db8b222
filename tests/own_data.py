"""Data of an owner: scripts that write them below data/, for an interpreter with scikit-learn."""

IMAGES = """
from pathlib import Path
from PIL import Image
from sklearn.datasets import load_digits

pixels, classes = load_digits(n_class=3, return_X_y=True)
for number, (image, name) in enumerate(zip(pixels[:150], classes)):
    folder = Path("data", str(name))
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray((image.reshape(8, 8) * 15).astype("uint8")).save(folder / f"{number}.png")
"""
TABLE = """
import csv
from pathlib import Path
from sklearn.datasets import load_diabetes

data = load_diabetes(scaled=False)
Path("data").mkdir()
with open("data/table.csv", "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow([*data.feature_names, "target"])
    for (age, sex, *others), target in zip(data.data, data.target):
        writer.writerow([age, "fm"[int(sex) - 1], *others, target])
"""
