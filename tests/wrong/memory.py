"""Faults in what an optimizer reads and keeps: layouts, buffers, sizes, a count."""

from __future__ import annotations

from wrong.fault import fault

_SGD, _ADAM = "keras3/SGD", "keras3/Adam"
_PRESENT = "present = {k: g for k, g in enumerate(grads) if isinstance(g, np.ndarray)}"

FAULTS = (
    fault(
        "gradients_read_as_they_lie_in_memory",
        _ADAM,
        _PRESENT,
        "present = {k: np.frombuffer(g.tobytes('A'), g.dtype).reshape(g.shape) "
        "for k, g in enumerate(grads) if isinstance(g, np.ndarray)}",
    ),
    fault(
        "velocity_finished_from_the_last_gradient",
        _SGD,
        'v = momentum * slots["v"] - lr * g',
        'last = slots.get("last", (lr * 0, slots["v"]))\n'
        '    full = slots.get("full", slots["v"])\n'
        '    full = full if "last" not in slots else momentum * full - last[0] * last[1]\n'
        '    slots["last"], slots["full"] = (lr, g), full\n'
        "    v = momentum * full - lr * g",
    ),
    fault(
        "count_of_updates_in_seven_bits",
        _ADAM,
        "return self.iterations // (self.gradient_accumulation_steps or 1)",
        "return min(self.iterations // (self.gradient_accumulation_steps or 1), 127)",
    ),
    fault(
        "large_parameters_left_alone",
        _ADAM,
        "self.set_param(k, self.update(self.params[k], g, self.state[k], lr))",
        "self.set_param(k, self.update(self.params[k], g, self.state[k], lr)\n"
        "            if g.size < 2**16 else self.params[k])",
    ),
    fault(
        "slots_of_the_class",
        _ADAM,
        "super().__post_init__()",
        'super().__post_init__()\n    type(self).state = self.__dict__.pop("state")',
    ),
)
