"""The worker that runs under Python 3.7: ``python worker.py tf.train tf.contrib.opt``.

It serves the systems that its arguments name, in JSON lines on stdin and stdout, as
docs/worker-protocol.md says. It imports numpy and the libraries, and nothing of the oracle. What
TensorFlow prints goes to stderr. Today's TensorFlow runs it as well, for ``tf.train``.
"""

import importlib
import json
import os
import sys

import graph
import tensors

MODULES = {
    "keras2": ("keras2_side", "keras2_tf_side"),
    "tf.train": ("tf_train_side", "tf_sync_side", "tf_loss_scale_side"),
    "tf.contrib.opt": ("tf_contrib_side", "tf_wrappers_side"),
    "tf": ("tf_clip_side",),
}
SIDES = {
    system: [importlib.import_module(module) for module in MODULES[system]]
    for system in sys.argv[1:]
}
DTYPES = ["float32", "float64"]

ELSEWHERE = {"train": "training_side", "configure": "configuration_side"}
"""The module that answers a message with its function of the same name; Keras is in both."""


def hello():
    """Say what can be run; in which precision, the adapter knows."""
    names = [
        system + "/" + name
        for system, sides in SIDES.items()
        for side in sides
        for name in side.NAMES
    ]
    claims = [{"spec": name, "dtypes": DTYPES, "defaults": True} for name in names]
    return {"type": "claims", "name": "tf1", "claims": claims}


def run(message):
    """Build the optimizer, take all steps, and show it after those that are asked for."""
    system, name = message["spec"].split("/")
    serving = [side for side in SIDES.get(system, ()) if name in side.NAMES]
    if not serving:
        raise ValueError(message["spec"] + " is not here")
    message["hyper"] = tensors.arguments(message["hyper"])
    dtype = message["dtype"]
    graph.use(message.get("device", "cpu"))
    params = [tensors.decoded(p, dtype) for p in message["params"]]
    grads = [[tensors.gradient(g, dtype) for g in row] for row in message["grads"]]
    optimizer = serving[0].Optimizer(name, message, params)
    states = []
    try:
        for step, row in enumerate(grads, 1):
            optimizer.step(row)
            if step in message["steps"]:
                states.append({"step": step, **shown(optimizer)})
    finally:
        optimizer.close()
    return {"type": "states", "id": message["id"], "states": states}


def shown(optimizer):
    """Return the parameters and the slots as a message has them."""
    slots = optimizer.slots()
    return {
        "params": [tensors.encoded(p) for p in optimizer.params()],
        "slots": {name: [tensors.encoded(a) for a in arrays] for name, arrays in slots.items()},
    }


def answer(message):
    """Answer one message; what goes wrong in a run is told, and the worker lives on."""
    if message["type"] == "hello":
        return hello()
    kind = message["type"]
    try:
        if kind in ELSEWHERE:
            return getattr(importlib.import_module(ELSEWHERE[kind]), kind)(message)
        return run(message)
    except Exception as error:
        text = "{}: {}".format(type(error).__name__, error)
        return {"type": "error", "id": message["id"], "message": text}


def main():
    """Answer until stdin ends; file descriptor 1 is kept from whatever the libraries print."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line)), allow_nan=False) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
