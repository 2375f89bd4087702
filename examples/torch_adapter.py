"""PyTorch on the CPU: pytest --impl=examples/torch_adapter.py:eager (or :foreach, :fused)."""

from pathlib import Path

import ml_dtypes
import numpy as np
import torch

from oracle import Implementation, UnsupportedError


def tensor(array):
    if array.dtype == ml_dtypes.bfloat16:
        return torch.tensor(array.astype(np.float32), dtype=torch.bfloat16)
    return torch.tensor(array)


def array(tensor):
    tensor = tensor.detach()
    if tensor.dtype == torch.bfloat16:
        return tensor.float().numpy().astype(ml_dtypes.bfloat16)
    return tensor.numpy()


class Run:
    def __init__(self, optimizer, params, slots=None, **hyper):
        self.params = [torch.nn.Parameter(tensor(p)) for p in params]
        self.names = slots or {}
        try:
            self.optimizer = optimizer(self.params, **hyper)
        except ValueError as refusal:  # such as a negative learning rate
            raise UnsupportedError(f"{optimizer.__name__} refuses: {refusal}") from refusal

    def step(self, grads):
        for p, g in zip(self.params, grads, strict=True):
            p.grad = None if g is None else tensor(g)
        self.optimizer.step()
        return [array(p) for p in self.params]

    def slots(self):
        states = [self.optimizer.state[p] for p in self.params]
        kept = [(slot, key) for slot, key in self.names.items() if all(key in s for s in states)]
        return {slot: [array(state[key]) for state in states] for slot, key in kept}


class RunWithCounter(Run):  # Adagrad's is there before the first step, others' is not
    def set_step(self, number):
        for p in self.params:
            self.optimizer.state[p]["step"].fill_(number)


def implementation(name, known, **how):
    made = Implementation(
        name,
        dtypes=("float16", "bfloat16", "float32", "float64"),
        hyper_dtype="float64",
        missing_gradients=True,
        packages=("torch",),
        known_failures=Path(__file__).with_name(known),
    )

    @made.implements("keras3/SGD")
    def sgd(params, *, learning_rate, momentum, nesterov):
        hyper = {"lr": learning_rate, "momentum": momentum, "nesterov": nesterov}
        return Run(torch.optim.SGD, params, **hyper, **how)

    @made.implements("tf.train/GradientDescentOptimizer")
    def gradient_descent(params, *, learning_rate):
        return Run(torch.optim.SGD, params, lr=learning_rate, **how)

    @made.implements("tf.train/MomentumOptimizer")
    def momentum(params, *, learning_rate, momentum, use_nesterov):
        hyper = {"lr": learning_rate, "momentum": momentum, "nesterov": use_nesterov}
        return Run(torch.optim.SGD, params, {"b": "momentum_buffer"}, **hyper, **how)

    @made.implements("keras2/Adagrad")
    def adagrad(params, *, learning_rate, epsilon, decay):
        hyper = {"lr": learning_rate, "eps": epsilon, "lr_decay": decay}
        return RunWithCounter(torch.optim.Adagrad, params, {"a": "sum"}, **hyper, **how)

    @made.implements("tf.train/AdagradOptimizer")
    def adagrad_from(params, *, learning_rate, initial_accumulator_value):
        hyper = {"initial_accumulator_value": initial_accumulator_value, "eps": 0}
        return RunWithCounter(
            torch.optim.Adagrad, params, {"a": "sum"}, lr=learning_rate, **hyper, **how
        )

    if "fused" in how:
        return made

    @made.implements("keras2/RMSprop")
    def rmsprop(params, *, learning_rate, rho, epsilon):
        hyper = {"lr": learning_rate, "alpha": rho, "eps": epsilon}
        return Run(torch.optim.RMSprop, params, {"v": "square_avg"}, **hyper, **how)

    @made.implements("keras2/Adadelta")
    def adadelta(params, *, learning_rate, rho, epsilon):
        slots = {"a": "square_avg", "d": "acc_delta"}
        hyper = {"lr": learning_rate, "rho": rho, "eps": epsilon}
        return Run(torch.optim.Adadelta, params, slots, **hyper, **how)

    @made.implements("keras2/Adamax")
    def adamax(params, *, learning_rate, beta_1, beta_2, epsilon):
        slots = {"m": "exp_avg", "u": "exp_inf"}
        hyper = {"lr": learning_rate, "betas": (beta_1, beta_2), "eps": epsilon}
        return Run(torch.optim.Adamax, params, slots, **hyper, **how)

    @made.implements("keras2/Nadam")
    def nadam(params, *, learning_rate, beta_1, beta_2, epsilon, schedule_decay):
        slots = {"m": "exp_avg", "v": "exp_avg_sq"}
        hyper = {"betas": (beta_1, beta_2), "eps": epsilon, "momentum_decay": schedule_decay}
        return Run(torch.optim.NAdam, params, slots, lr=learning_rate, **hyper, **how)

    return made


eager = implementation("torch-eager", "torch_known.toml", foreach=False)
foreach = implementation("torch-foreach", "torch_known.toml", foreach=True)
fused = implementation("torch-fused", "torch_fused_known.toml", fused=True)
