"""A graph and a session of TensorFlow 1.15 for one optimizer: one thread, on the CPU."""

import os
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.filterwarnings("ignore")

import tensorflow.compat.v1 as tf

tf.logging.set_verbosity(tf.logging.ERROR)


def new_session(graph=None):
    """Return a session whose sums are added in one order."""
    config = tf.ConfigProto(
        intra_op_parallelism_threads=1,
        inter_op_parallelism_threads=1,
        device_count={"GPU": 0},
    )
    return tf.Session(graph=graph, config=config)
