"""Drives a library that is not installed, as an adapter finds out when it is first used."""

from oracle import Implementation
from oracle.errors import ImplementationError

candidate = Implementation("needs_a_library", dtypes=("float32",))


@candidate.implements("keras3/SGD")
def sgd(params, *, learning_rate=0.01):
    raise ImplementationError("the library cannot be imported: install it with `pip install it`")
