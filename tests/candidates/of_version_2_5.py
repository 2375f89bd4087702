"""Does nothing, and says in which versions."""

from oracle import Implementation

candidate = Implementation("of_version_2_5", packages={"mylib": "2.5", "mycore": None})


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    return lambda grads: params
