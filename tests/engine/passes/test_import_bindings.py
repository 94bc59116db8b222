"""What the names are kept for that imports bind."""

from __future__ import annotations

from module_cases import Case, cases, check, moved


@cases(
    of_nonlocal=moved(
        "def h():\n    from keras import backend as K\n    def i():\n        nonlocal K\n"
        "        K = None\n    return K.sum(1), i\n",
        "def h():\n    from keras import backend as K, ops\n    def i():\n        nonlocal K\n"
        "        K = None\n    return ops.sum(1), i\n",
    ),
    of_global=moved(
        "import os\ndef f():\n    global K\n    import keras.backend as K\n    K.sum(os)\n",
        "import os\ndef f():\n    global K\n    import keras.backend as K\n"
        "    from keras import ops\n    ops.sum(os)\n",
    ),
)
def test_names_of_other_scopes(case: Case) -> None:
    check(case)
