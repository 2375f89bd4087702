"""Shampoo and GGT once more, by numpy's own decompositions and in any precision."""

from __future__ import annotations

import numpy as np


def power_by_svd(a, exponent):
    """V s**e U', as the library forms it."""
    u, s, vt = np.linalg.svd(a)
    return (vt.T * s**exponent) @ u.T


def power_by_eigh(a, exponent):
    """Q L**e Q', from the eigenvalues."""
    values, q = np.linalg.eigh(a)
    return (q * values**exponent) @ q.T


class Shampoo:
    """A step of one tensor by contractions, axis after axis."""

    def __init__(self, p, *, power=power_by_svd, **hyper):
        self.p, self.t, self.power = p, 0, power
        self.h = {
            "learning_rate": 1.0,
            "max_matrix_size": 768,
            "gbar_decay": 0.0,
            "gbar_weight": 1.0,
            "mat_gbar_decay": 1.0,
            "mat_gbar_weight": 1.0,
            "svd_interval": 1,
            "precond_update_interval": 1,
            "epsilon": 1e-4,
            "alpha": 0.5,
            **hyper,
        }
        self.mean = np.zeros_like(p)
        self.seen = [np.zeros((d, d) if self.full(d) else d, p.dtype) for d in p.shape]
        self.roots = [np.eye(d, dtype=p.dtype) for d in p.shape]

    def number(self, name):
        """A hyperparameter in the precision of the parameter."""
        return self.p.dtype.type(self.h[name])

    def full(self, d):
        """Whether an axis has a matrix."""
        return d <= self.h["max_matrix_size"]

    def step(self, g):
        """Take a step and return the parameter."""
        self.t += 1
        if self.h["gbar_decay"] != 0:
            self.mean = self.number("gbar_decay") * self.mean + self.number("gbar_weight") * g
            x = self.mean
        else:
            x = self.number("gbar_weight") * g
        for axis, d in enumerate(g.shape):
            root = self.root(axis, g) if self.full(d) else np.diag(self.diagonal(axis, g))
            x = np.tensordot(x, root.astype(g.dtype), axes=([0], [0]))
        self.p = self.p - self.number("learning_rate") * x
        return self.p

    def exponent(self, g):
        """The exponent of an axis."""
        return g.dtype.type(-self.h["alpha"] / g.ndim)

    def root(self, axis, g):
        """The root of what an axis with a matrix has seen."""
        others = [k for k in range(g.ndim) if k != axis]
        seen = self.seen[axis]
        if self.t % self.h["precond_update_interval"] == 0:
            interval = g.dtype.type(self.h["precond_update_interval"])
            outer = np.tensordot(g, g, axes=(others, others))
            decay, weight = self.number("mat_gbar_decay"), self.number("mat_gbar_weight")
            seen = decay * seen + weight * interval * outer
            if decay:
                self.seen[axis] = seen
        if self.t % self.h["svd_interval"] == 0:
            d = g.shape[axis]
            damped = seen / g.dtype.type(d) + self.number("epsilon") * np.eye(d, dtype=g.dtype)
            self.roots[axis] = self.power(damped, self.exponent(g))
        return self.roots[axis]

    def diagonal(self, axis, g):
        """The root of what a long axis has seen."""
        others = tuple(k for k in range(g.ndim) if k != axis)
        outer = np.sum(g * g, axis=others) / g.dtype.type(g.shape[axis]) if others else g * g
        seen = self.number("mat_gbar_decay") * self.seen[axis]
        seen = seen + self.number("mat_gbar_weight") * outer
        if self.h["mat_gbar_decay"]:
            self.seen[axis] = seen
        positive = np.where(seen > 0, seen, 1)
        return np.where(seen > 0, positive ** self.exponent(g), 0)


class Ggt:
    """A step of several tensors, by a ring of moments."""

    def __init__(self, params, **hyper):
        self.params, self.t = params, 0
        self.h = {
            "learning_rate": 0.001,
            "beta1": 0.9,
            "window": 10,
            "eps": 1e-4,
            "svd_eps": 1e-6,
            "sigma_eps": 0.01,
            **hyper,
        }
        size = sum(p.size for p in params)
        self.m = np.zeros(size, params[0].dtype)
        self.ring = np.zeros((self.h["window"], size), params[0].dtype)

    def step(self, grads):
        """Take a step and return the parameters."""
        kind = self.m.dtype.type
        rate, beta, eps, svd_eps, sigma_eps = (
            kind(self.h[n]) for n in ("learning_rate", "beta1", "eps", "svd_eps", "sigma_eps")
        )
        flat = np.concatenate([g.ravel() for g in grads])
        self.m = beta * self.m + (1 - beta) * flat
        self.ring[self.t % self.h["window"]] = self.m
        self.t += 1
        b = (self.ring / np.sqrt(kind(min(self.t, self.h["window"])))).T
        u, s, _ = np.linalg.svd(b.T @ b + svd_eps * np.eye(self.h["window"], dtype=kind))
        r = np.sqrt(s)
        seen = u.T @ (b.T @ self.m)
        step = b @ (u @ ((r + sigma_eps) ** kind(-3) * seen))
        if r.min() > eps:
            step = step + (self.m - b @ (u @ (seen / s))) / r.min()
        ends = np.cumsum([p.size for p in self.params])[:-1]
        parts = np.split(rate * step, ends)
        self.params = [p - d.reshape(p.shape) for p, d in zip(self.params, parts, strict=True)]
        return self.params
