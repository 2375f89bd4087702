"""A worker that trains with keras2/SGD and tells its configuration; its argument is a fault."""

import json
import sys

import numpy as np

FAULT = sys.argv[1] if len(sys.argv) > 1 else ""
DEFAULTS = {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False, "decay": 0.0}


def hello(message):
    return {
        "type": "claims",
        "name": "trainer.py",
        "claims": [{"spec": "keras2/SGD", "dtypes": ["float32"], "defaults": True}],
        "trains": [{"spec": "keras2/SGD", "dtypes": ["float32"]}],
        "trains_by_name": ["keras2"],
        "configures": ["keras2"],
    }


def array(tensor, dtype):
    return np.array(tensor["data"], dtype).reshape(tensor["shape"])


def tensor(value):
    return {"shape": list(value.shape), "data": value.astype("float64").ravel().tolist()}


def gradients(kernel, bias, x, y):
    powers = np.exp(x @ kernel + bias)
    s = powers / powers.sum(axis=1, keepdims=True)
    to_s = 2 * (s - y) / x.dtype.type(y.size)
    to_z = s * (to_s - (to_s * s).sum(axis=1, keepdims=True))
    return x.T @ to_z, to_z.sum(axis=0)


def train(message):
    hyper, dtype = message["hyper"], message["dtype"]
    if set(hyper) - {"lr"}:
        raise ValueError("only a learning rate can be set")
    rate = np.dtype(dtype).type(hyper.get("lr", 0.01))
    weights, states = [array(p, dtype) for p in message["params"]], []
    for step, batch in enumerate(message["batches"], 1):
        found = gradients(*weights, *(array(a, dtype) for a in batch))
        weights = [w - rate * g for w, g in zip(weights, found)]
        if step in message["steps"]:
            shown = [w.T if FAULT == "transposes" else w for w in weights]
            states.append({"step": step, "params": [tensor(w) for w in shown]})
    if FAULT == "one step":
        del states[1:]
    return {"type": "states", "id": message["id"], "states": states}


def configure(message):
    if message["name"].lower() != "sgd" and FAULT != "takes any name":
        raise ValueError("there is no " + message["name"])
    given = {("learning_rate" if k == "lr" else k): v for k, v in message["hyper"].items()}
    config = {**DEFAULTS, **given}
    answer = {"type": "configuration", "id": message["id"], "class_name": "SGD", "config": config}
    if FAULT == "forgets" and message["way"] == "serialization":
        del config["decay"]
    return answer


ANSWERS = {"hello": hello, "train": train, "configure": configure}

for line in sys.stdin:
    message = json.loads(line)
    try:
        answer = ANSWERS[message["type"]](message)
    except ValueError as error:
        answer = {"type": "error", "id": message["id"], "message": str(error)}
    print(json.dumps(answer), flush=True)
