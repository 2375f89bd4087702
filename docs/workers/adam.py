"""A worker in plain Python, without numpy: Keras 3's Adam in float64.

oracle smoke 'cmd:python docs/workers/adam.py'
pytest --impl='cmd:python docs/workers/adam.py'
"""

import json
import math
import sys

CLAIMS = {
    "type": "claims",
    "name": "adam.py",
    "claims": [
        {
            "spec": "keras3/Adam",
            "dtypes": ["float64"],
            "arguments": ["learning_rate", "beta_1", "beta_2", "epsilon"],
        },
    ],
}


def from_json(number):
    return float(number)  # "nan", "inf" and "-inf" too


def to_json(number):
    return number if math.isfinite(number) else str(number)


class Adam:
    def __init__(self, params, learning_rate, beta_1, beta_2, epsilon):
        self.learning_rate, self.beta_1, self.beta_2 = learning_rate, beta_1, beta_2
        self.epsilon, self.params, self.t = epsilon, params, 0
        self.m = [[0.0] * len(p) for p in params]
        self.v = [[0.0] * len(p) for p in params]

    def step(self, grads):
        self.t += 1
        correction = math.sqrt(1 - self.beta_2**self.t) / (1 - self.beta_1**self.t)
        alpha = self.learning_rate * correction
        for p, m, v, grad in zip(self.params, self.m, self.v, grads):
            for i, g in enumerate(grad):
                m[i] = self.beta_1 * m[i] + (1 - self.beta_1) * g
                v[i] = self.beta_2 * v[i] + (1 - self.beta_2) * g * g
                p[i] -= alpha * m[i] / (math.sqrt(v[i]) + self.epsilon)


def run(message):
    if message["spec"] != "keras3/Adam":
        raise ValueError(f"{message['spec']} is not implemented")
    shapes = [p["shape"] for p in message["params"]]
    hyper = {name: from_json(value) for name, value in message["hyper"].items()}
    adam = Adam([[from_json(x) for x in p["data"]] for p in message["params"]], **hyper)

    def shown(arrays):
        return [
            {"shape": shape, "data": [to_json(x) for x in array]}
            for shape, array in zip(shapes, arrays)
        ]

    states = []
    for number, row in enumerate(message["grads"], start=1):
        adam.step([[from_json(x) for x in g["data"]] for g in row])
        if number in message["steps"]:
            slots = {"m": shown(adam.m), "v": shown(adam.v)}
            states.append({"step": number, "params": shown(adam.params), "slots": slots})
    return {"type": "states", "id": message["id"], "states": states}


def answer(message):
    if message["type"] == "hello":
        return CLAIMS
    try:
        return run(message)
    except Exception as error:
        return {"type": "error", "id": message["id"], "message": f"{error!r}"}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
