"""Optimizers within others, for random runs."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Numbers = st.SearchStrategy[float]


def wrapped(rate: Numbers, share: Numbers, epsilon: Numbers) -> st.SearchStrategy[Any]:
    """Return a few optimizers of tf.train as mappings, by strategies for their arguments."""
    momentum = {"learning_rate": rate, "momentum": share, "use_nesterov": st.booleans()}
    adam = {"learning_rate": rate, "beta1": share.filter(bool), "beta2": share, "epsilon": epsilon}
    rmsprop = {"learning_rate": rate, "decay": share, "momentum": share, "epsilon": epsilon}
    configs = {
        "GradientDescentOptimizer": {"learning_rate": rate},
        "MomentumOptimizer": momentum,
        "AdamOptimizer": adam,
        "AdagradOptimizer": {"learning_rate": rate},
        "RMSPropOptimizer": rmsprop,
    }
    return st.sampled_from(list(configs)).flatmap(
        lambda name: st.fixed_dictionaries(configs[name]).map(
            lambda config: {"class_name": name, "config": config}
        )
    )
