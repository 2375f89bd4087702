"""A worker for keras3/SGD without momentum; its first argument says how it misbehaves."""

import json
import os
import signal
import sys
import time

FAULT = sys.argv[1] if len(sys.argv) > 1 else ""
MARK = sys.argv[2] if len(sys.argv) > 2 else ""
CLAIMS = {
    "type": "claims",
    "name": "sgd.py",
    "claims": [
        {
            "spec": "keras3/SGD",
            "dtypes": ["float32", "float64"],
            "arguments": ["learning_rate"],
            "defaults": True,
            "precision": {"float32": {"hyper_dtype": "float64", "compute_dtype": "float64"}},
        }
    ],
}


def rounded(number, dtype):
    import struct

    return struct.unpack("f", struct.pack("f", number))[0] if dtype == "float32" else number


def run(message):
    rate = message["hyper"].get("learning_rate", 0.01)
    params = message["params"]
    states = []
    for step, grads in enumerate(message["grads"], 1):
        params = [
            {
                "shape": p["shape"],
                "data": [
                    rounded(float(x) - rate * float(d), message["dtype"])
                    for x, d in zip(p["data"], g["data"])
                ],
            }
            for p, g in zip(params, grads)
        ]
        if step in message["steps"]:
            states.append({"step": step, "params": params})
    return {"type": "states", "id": message["id"], "states": states}


def once():
    """Whether this is the first time that the fault is asked for; the next process is sound."""
    if os.path.exists(MARK):
        return False
    open(MARK, "w").close()
    return True


def misbehave(answer):
    if FAULT == "garbage" and once():
        print("loading weights ...", flush=True)
    elif FAULT == "killed" and once():
        os.kill(os.getpid(), signal.SIGKILL)
    elif FAULT == "hangs" and once():
        time.sleep(600)
    elif FAULT == "exits" and once():
        print("out of paper", file=sys.stderr)
        sys.exit(3)
    elif FAULT == "refuses" and once():
        return {"type": "error", "id": answer["id"], "message": "I would rather not"}
    elif FAULT == "declines" and once():
        return {"type": "unsupported", "id": answer["id"], "message": "no kernel for that yet"}
    elif FAULT == "wrong id":
        answer["id"] += 1
    elif FAULT == "lists":
        return [answer]
    elif FAULT == "too few numbers":
        answer["states"][0]["params"][0]["data"].append(1.0)
    elif FAULT == "words":
        answer["states"][0]["params"][0]["data"][0] = "many"
    elif FAULT == "doubles":
        answer["states"][0]["params"][0]["data"][0] = 0.12345678901234
    elif FAULT == "another step":
        answer["states"][0]["step"] = 7
    elif FAULT == "no states":
        del answer["states"]
    elif FAULT == "strange slot":
        answer["states"][0]["slots"] = {"speed": answer["states"][0]["params"]}
    return answer


def answer(message):
    if message["type"] == "hello":
        if FAULT == "dies at start":
            sys.exit("no licence found")
        if FAULT == "sleeps at start":
            time.sleep(600)
        if FAULT == "claims nothing known":
            return {**CLAIMS, "claims": [{"spec": "keras3/SDG", "dtypes": ["float32"]}]}
        if FAULT == "claims badly":
            return {**CLAIMS, "claims": [{"spec": "keras3/SGD", "dtypes": ["float33"]}]}
        return CLAIMS
    if message["spec"] != "keras3/SGD":
        return {"type": "error", "id": message["id"], "message": "only keras3/SGD is here"}
    return misbehave(run(message))


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
