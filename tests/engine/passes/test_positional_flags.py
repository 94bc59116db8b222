"""What layers are given by position, and take by name in Keras 3."""

from __future__ import annotations

from module_cases import alone, cases, check, moved

HEAD = """\
from {root} import layers, models
class Block(layers.Layer):
    def call(self, x, training, mask):
        return x
class Net(models.Model):
    def __init__(self):
        super().__init__()
        self.drop = layers.Dropout(0.3)
        self.block = Block()
        self.blocks = [Block() for _ in range(3)]
        self.pair = [Block(), Block()]
        self.mixed = [Block(), layers.Dropout(0.3)]
    def more(self, x, training):
        return x
    def call(self, x, training=None, mask=None):
        return {returned}
"""


def net(returned, root="keras"):
    return HEAD.format(root=root, returned=returned)


def named(before, after):
    return moved(net(before), net(after))


@cases(
    variable=named("self.drop(x, training)", "self.drop(x, training=training)"),
    constant=named("self.drop(x, True)", "self.drop(x, training=True)"),
    one_of_several=named(
        "self.block(x, training, mask)", "self.block(x, training=training, mask=mask)"
    ),
    constants=named("self.block(x, False, None)", "self.block(x, training=False, mask=None)"),
    part_of_a_comprehension=named(
        "self.blocks[0](x, training, mask)", "self.blocks[0](x, training=training, mask=mask)"
    ),
    part_of_a_list=named(
        "self.pair[i](x, training, m)", "self.pair[i](x, training=training, mask=m)"
    ),
    of_a_loop_and_a_variable=moved(
        f"{net('x')}net = Net()\ny = net(x, False)\nblocks = [Block()]\n"
        "for b in blocks:\n    b(x, True, m)\n",
        f"{net('x')}net = Net()\ny = net(x, training=False)\nblocks = [Block()]\n"
        "for b in blocks:\n    b(x, training=True, mask=m)\n",
    ),
)
def test_what_is_no_tensor_is_named(case):
    check(case)


@cases(
    variable_of_a_comprehension=alone(net("[e(x, training, mask) for e in self.blocks]")),
    method=alone(net("self.more(x, training)")),
    unknown=alone(net("self.other(x, training)")),
    named_already=alone(net("self.block(x, mask, training=True)")),
    of_several_classes=alone(net("self.mixed[i](x, training)")),
    after_a_star=alone(net("self.block(*given, training)")),
    more_than_it_takes=alone(net("self.block(x, training, mask, 3)")),
    function=alone(net("f(x, training)")),
    keras_2=moved(
        net("self.drop(x, training)"),
        net("self.drop(x, training)", root="tf_keras"),
        to="tf_keras",
    ),
)
def test_what_may_be_no_layer_is_left_alone(case):
    check(case)
