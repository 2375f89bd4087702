"""TensorFlow 1.15.5: `tf.train`, `tf.contrib.opt`, and the functions that clip gradients."""

from oracle.systems.tf1.clip import SPECS as CLIP
from oracle.systems.tf1.contrib.extended import SPECS as EXTENDED
from oracle.systems.tf1.contrib.matrix import SPECS as CONTRIB_MATRIX
from oracle.systems.tf1.contrib.optimizers import SPECS as CONTRIB
from oracle.systems.tf1.train import SPECS as TRAIN
from oracle.systems.tf1.wrappers.optimizers import SPECS as WRAPPERS

SPECS = (*TRAIN, *CONTRIB, *CONTRIB_MATRIX, *EXTENDED, *CLIP, *WRAPPERS)
