"""Weights that are looked for in a list."""

from __future__ import annotations

from module_cases import alone, cases, check, moved

HEAD = "from keras.layers import Dense\n\nlayer = Dense(3)\nlayer.build((None, 2))\nmine = []\n"


@cases(
    missing=moved(
        f"{HEAD}for w in layer.trainable_weights:\n    if w not in mine:\n        mine.append(w)\n",
        f"{HEAD}for w in layer.trainable_weights:\n"
        "    if all(w is not each for each in mine):\n        mine.append(w)\n",
    ),
    kept=moved(
        f"{HEAD}b = [w for w in layer.trainable_weights if w in mine]\n",
        f"{HEAD}b = [w for w in layer.trainable_weights if any(w is each for each in mine)]\n",
    ),
    called_each=moved(
        f"{HEAD}for each in layer.trainable_weights:\n    print(each in mine)\n",
        f"{HEAD}for each in layer.trainable_weights:\n"
        "    print(any(each is other for other in mine))\n",
    ),
    numbers=alone(f"{HEAD}known = [w for w in layer.trainable_weights if id(w) in mine]\n"),
    others=alone(f"{HEAD}known = [w for w in [1, 2] if w in mine]\n"),
)
def test_a_weight_is_only_itself(case):
    check(case)
