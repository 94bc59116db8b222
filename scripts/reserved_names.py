"""Write reserved_names.json: what a generated package must not be called, and why.

The names are those of the interpreters given as arguments, one of every Python release, and of the
packages that are installed for them: give the interpreters of generated projects of every flavour.

    python scripts/reserved_names.py A/.venv/bin/python B/.venv/bin/python > reserved_names.json
"""

import json
import re
import subprocess
import sys

KERAS = ["keras", "tensorflow", "tf", "tf_keras", "keras_core", "jax", "jaxlib", "torch"]
TAKEN = ["build", "dist", "docs", "runs", "src", "test", "tests", "typings"]
STARTS = ["conftest", "sitecustomize", "usercustomize"]
# What many install beside Keras, though a generated project does not.
BESIDE = {
    "albumentations", "arviz", "autokeras", "bokeh", "cv2", "datasets", "einops", "flax",
    "gradio", "gym", "gymnasium", "imageio", "ipykernel", "ipywidgets", "jupyter", "jupyterlab",
    "keras_applications", "keras_contrib", "keras_cv", "keras_hub", "keras_nlp",
    "keras_preprocessing", "keras_rs", "keras_tuner", "kerastuner", "lightning", "mlflow",
    "mypy", "nltk", "notebook", "onnx", "onnxruntime", "optax", "optuna", "pandas", "plotly",
    "polars", "pyarrow", "pydot", "ray", "seaborn", "shap", "skimage", "spacy", "statsmodels",
    "streamlit", "sonnet", "tensorboard", "tensorboard_data_server", "tensorflow_addons",
    "tensorflow_datasets", "tensorflow_hub", "tensorflow_io", "tensorflow_probability",
    "tensorflow_text", "tensorflowjs", "tf2onnx", "tflearn", "timm", "tokenizers", "torchaudio",
    "torchmetrics", "torchvision", "tqdm", "transformers", "wandb", "xgboost",
}  # fmt: skip
WINDOWS = [
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
]

ASK = """
import json, keyword, sys
from importlib import metadata
print(json.dumps({
    "keywords": keyword.kwlist + keyword.softkwlist,
    "library": sorted(sys.stdlib_module_names),
    "installed": [
        *(name.split("/")[0] for name in metadata.packages_distributions()),
        *(name.lower().replace("-", "_") for name in (d.name for d in metadata.distributions())),
    ],
}))
"""


def main() -> None:
    """Print the file."""
    found: dict[str, set[str]] = {"keywords": set(), "library": set(), "installed": set()}
    for python in sys.argv[1:]:
        answer = subprocess.run([python, "-c", ASK], capture_output=True, text=True, check=True)
        for group, names in json.loads(answer.stdout).items():
            # Only such names are not refused already for their spelling.
            found[group].update(name for name in names if re.fullmatch("[a-z][a-z0-9_]*", name))
    groups = {
        "would hide the library of that name: every import of it would find this package instead, "
        "a classic cause of the import error": KERAS,
        "is a keyword of Python and cannot be imported": found["keywords"],
        "would hide a module of the standard library": found["library"] - {*TAKEN},
        "is what Python or pytest runs by itself when it starts": STARTS,
        "would hide a package that Keras projects use": (found["installed"] | BESIDE)
        - found["library"]
        - {*KERAS, *TAKEN},
        "is what tools take for a folder of another kind, such as tests or built files": TAKEN,
        "cannot be a folder's name on Windows": WINDOWS,
    }
    entries = [{"reason": reason, "names": sorted(names)} for reason, names in groups.items()]
    print(json.dumps(entries, indent=1))


if __name__ == "__main__":
    main()
