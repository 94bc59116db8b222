# TensorFlow imports tensorflow.keras lazily, where type checkers and editors do not see it. These
# stubs say where it is: in the Keras that TensorFlow brings.
from tensorflow import keras as keras
from tensorflow._api.v2.v2 import *
