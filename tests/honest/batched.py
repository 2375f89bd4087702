"""The author who treats all parameters as one vector, and takes norms as large machines do."""

from __future__ import annotations

import numpy as np

from honest.desk import Optimizer, rewrites


class Batched(Optimizer):
    """All gradients in one flat vector; sums are those of blocks, then of the blocks' sums."""

    BLOCK = 8

    def gradients(self, grads):
        flat = self.clipped(np.concatenate([g.ravel() for g in grads]))
        ends = np.cumsum([g.size for g in grads])[:-1]
        parts = zip(np.split(flat, ends), grads, strict=True)
        return [part.reshape(g.shape) for part, g in parts]

    def clipped(self, flat):
        """Return the vector after clipping."""
        raise NotImplementedError

    def total(self, terms):
        """Add up the terms of each block from the left, and then the blocks, pair by pair."""
        sums = [self.running(terms[i : i + self.BLOCK]) for i in range(0, len(terms), self.BLOCK)]
        while len(sums) > 1:
            pairs = [sums[i : i + 2] for i in range(0, len(sums), 2)]
            sums = [pair[0] + pair[-1] if len(pair) > 1 else pair[0] for pair in pairs]
        return sums[0]

    def running(self, terms):
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total


class Descent(Batched):
    """Gradient descent with momentum."""

    names = ("v",)

    def update(self, p, g, v):
        learning_rate, momentum = self.hyper("learning_rate", "momentum")
        v = momentum * v - learning_rate * g
        return p + v, v


@rewrites("keras3/SGD global_clipnorm")
class Together(Descent):
    """One factor for all, at most 1, by the reciprocal of the norm."""

    def clipped(self, flat):
        limit, one = self.hyper("global_clipnorm"), self.real(1)
        norm = np.sqrt(self.total(flat * flat))
        return flat * np.minimum(limit * (one / norm), one)


@rewrites("keras3/SGD global_clipnorm")
class NormOfNorms(Descent):
    """The norm of the parameters' norms, as torch takes it, each fused from the right."""

    def gradients(self, grads):
        limit = self.hyper("global_clipnorm")
        norms = [np.sqrt(self.fused_squares(g.ravel())) for g in grads]
        norm = np.sqrt(self.running([n * n for n in norms]))
        return [np.where(norm > limit, g / norm * limit, g) for g in grads]

    def fused_squares(self, g):
        total = g[-1] * g[-1]
        for x in g[-2::-1]:
            total = self.fused(x, x, total)
        return self.real(total)


@rewrites("keras2/SGD clipnorm")
class InHalves(Descent):
    """The common norm by halving, the decayed learning rate by a reciprocal."""

    def clipped(self, flat):
        limit = self.hyper("clipnorm")
        norm = np.sqrt(self.halved(flat * flat))
        return flat * (limit / norm) if norm >= limit else flat

    def halved(self, terms):
        middle = len(terms) // 2
        return self.halved(terms[:middle]) + self.halved(terms[middle:]) if middle else terms[0]

    def update(self, p, g, v):
        rate, decay, momentum = self.hyper("learning_rate", "decay", "momentum")
        one = self.real(1)
        rate = rate * (one / (one + self.real(self.t - 1) * decay))
        v = self.fused(momentum, v, -(rate * g))
        return p + v, v


@rewrites("keras3/Adam clipnorm")
class EachAlone(Optimizer):
    """Each gradient by its own norm, of numbers that are scaled so that no square overflows."""

    names = ("m", "v")

    def gradients(self, grads):
        return [self.clipped(g) for g in grads]

    def clipped(self, g):
        largest = np.max(np.abs(g))
        if largest == 0:
            return g
        scale = self.real(2.0 ** np.floor(np.log2(np.float64(largest))))
        small = g / scale
        norm = scale * np.sqrt(np.sum(small * small))
        limit = self.hyper("clipnorm")
        return g * (limit / np.maximum(limit, norm))

    def update(self, p, g, m, v):
        learning_rate, beta_1, beta_2, epsilon = self.hyper(
            "learning_rate", "beta_1", "beta_2", "epsilon"
        )
        one, t = self.real(1), self.real(self.t)
        m = beta_1 * m + (one - beta_1) * g
        v = beta_2 * v + (one - beta_2) * (g * g)
        root = np.sqrt(one - beta_2**t)
        denominator = np.sqrt(v) / root + epsilon / root
        return p - learning_rate / (one - beta_1**t) * m / denominator, m, v


@rewrites("tf.contrib.opt/LARSOptimizer")
class Lars(Batched):
    """Norms as dot products; the trust ratio goes into one factor for the whole parameter."""

    names = ("b",)

    def gradients(self, grads):
        return grads

    def update(self, p, g, b):
        rate, momentum, decay, eeta, epsilon = self.hyper(
            "learning_rate", "momentum", "weight_decay", "eeta", "epsilon"
        )
        p_norm, g_norm = (np.sqrt(self.total((x * x).ravel())) for x in (p, g))
        ratio = eeta * (p_norm / (epsilon + g_norm + decay * p_norm))
        trust = ratio if p_norm > 0 and g_norm > 0 else self.real(1)
        b = momentum * b + (rate * trust) * self.fused(decay, p, g)
        return p - b, b
