"""scikit-learn's optimizers of its MLPs: pytest --impl=examples/sklearn_adapter.py."""

from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer

from oracle import Implementation

sklearn = Implementation("sklearn", packages=("scikit-learn",))


class Judged:
    def __init__(self, params, optimizer, slots):
        self.params, self.optimizer, self.names = params, optimizer, slots

    def step(self, grads):
        self.optimizer.update_params(self.params, grads)
        return self.params

    def set_step(self, n):
        self.optimizer.t = n

    def slots(self):
        return {slot: getattr(self.optimizer, name) for slot, name in self.names.items()}


@sklearn.implements("keras3/SGD")
def sgd(params, *, learning_rate, momentum, nesterov):
    optimizer = SGDOptimizer(params, learning_rate, momentum=momentum, nesterov=nesterov)
    return Judged(params, optimizer, {"v": "velocities"})


@sklearn.implements("keras3/Adam")
def adam(params, *, learning_rate, beta_1, beta_2, epsilon):
    optimizer = AdamOptimizer(params, learning_rate, beta_1, beta_2, epsilon)
    return Judged(params, optimizer, {"m": "ms", "v": "vs"})


@sklearn.implements("tf.train/AdamOptimizer")
def adam_by_default(params, *, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    return adam(params, learning_rate=learning_rate, beta_1=beta1, beta_2=beta2, epsilon=epsilon)
