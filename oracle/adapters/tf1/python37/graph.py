"""A graph and a session of TensorFlow 1.15 for one optimizer: one thread, one device."""

import os
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.filterwarnings("ignore")

import tensorflow.compat.v1 as tf

tf.logging.set_verbosity(tf.logging.ERROR)


_DEVICE = {"name": "cpu"}


def use(device):
    """Let the sessions that follow see the GPU, or the CPU alone."""
    _DEVICE["name"] = device


def new_session(graph=None, *, as_written=False):
    """Return a session whose sums are added in one order.

    ``as_written`` keeps Grappler from rewriting the graph, which can lose the order of operations
    where a reference variable is assigned to and read.
    """
    config = tf.ConfigProto(
        intra_op_parallelism_threads=1,
        inter_op_parallelism_threads=1,
        device_count={"GPU": int(_DEVICE["name"] == "gpu")},
    )
    config.graph_options.rewrite_options.disable_meta_optimizer = as_written
    return tf.Session(graph=graph, config=config)
