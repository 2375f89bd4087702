"""Gradient descents that forget elements: all of large arrays, or those beyond the 4096th."""

from oracle import Implementation


def implementation(name, forget):
    candidate = Implementation(name, dtypes=("float32",))

    @candidate.implements("keras3/SGD")
    def sgd(params, *, learning_rate):
        current = list(params)

        def step(grads):
            for k, g in enumerate(grads):
                change = g.dtype.type(learning_rate) * g
                forget(change)
                current[k] = current[k] - change
            return current

        return step

    return candidate


def beyond(number):
    def forget(change):
        change.reshape(-1)[number:] = 0

    return forget


def from_size(number):
    def forget(change):
        if change.size >= number:
            change *= 0

    return forget


nothing = implementation("nothing", lambda change: None)
tail = implementation("tail", beyond(2**12))
past_16_bits = implementation("past_16_bits", from_size(2**16))
past_20_bits = implementation("past_20_bits", from_size(2**20))
always = implementation("always", from_size(0))
