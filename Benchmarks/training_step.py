"""The default model's training step in JAX on the CPU; sizes come as JSON on standard input.

Prints the median milliseconds of a step (loss, gradients, clipping, AdamW) as JSON. All cores.
"""
import json
import statistics
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

size = json.load(sys.stdin)
pairs, rate = size["pairs"], size["dropout"]
random = np.random.default_rng(1)
views = {
    side: jnp.asarray(random.standard_normal((pairs, size[side]), np.float32))
    for side in ("molecule", "text")
}


def normal(rows, columns):
    return jnp.asarray(random.standard_normal((rows, columns), np.float32) / columns**0.5)


weights = {"log_scale": jnp.asarray(-np.log(0.07), jnp.float32)}
for side in views:
    weights[side] = {
        "skip": normal(size["output"], size[side]),
        "hidden": normal(size["hidden"], size[side]),
        "bias": jnp.zeros(size["hidden"], jnp.float32),
        "output": normal(size["output"], size["hidden"]),
    }


def dropped(x, key):
    return jnp.where(jax.random.bernoulli(key, 1 - rate, x.shape), x / (1 - rate), 0)


def tower(w, x, key):
    first, second = jax.random.split(key)
    x = dropped(x, first)
    hidden = dropped(jax.nn.gelu(x @ w["hidden"].T + w["bias"]), second)
    z = x @ w["skip"].T + hidden @ w["output"].T
    return z / jnp.linalg.norm(z, axis=1, keepdims=True)


def loss(w, molecules, texts, key):
    first, second = jax.random.split(key)
    m, t = tower(w["molecule"], molecules, first), tower(w["text"], texts, second)
    logits = jnp.exp(w["log_scale"]) * t @ m.T
    diagonal = jnp.diagonal(logits)
    rows = jax.nn.logsumexp(logits, axis=1) - diagonal
    columns = jax.nn.logsumexp(logits, axis=0) - diagonal
    return (rows.mean() + columns.mean()) / 2


def step(w, first, second, count, molecules, texts, key):
    value, gradients = jax.value_and_grad(loss)(w, molecules, texts, key)
    norm = jnp.sqrt(sum(jnp.sum(g * g) for g in jax.tree.leaves(gradients)))
    gradients = jax.tree.map(lambda g: g * jnp.minimum(1, 1 / norm), gradients)
    first = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, first, gradients)
    second = jax.tree.map(lambda a, g: 0.999 * a + 0.001 * g * g, second, gradients)
    one, two = 1 - 0.9**count, 1 - 0.999**count

    def moved(x, a, b):
        decay = 0.01 * x if x.ndim == 2 else 0
        return x - 2e-3 * (a / one / (jnp.sqrt(b / two) + 1e-8) + decay)

    return jax.tree.map(moved, w, first, second), first, second, value


compiled = jax.jit(step, donate_argnums=(0, 1, 2))
first = jax.tree.map(jnp.zeros_like, weights)
second = jax.tree.map(jnp.zeros_like, weights)
times = []
for number in range(1, 13):
    start = time.perf_counter()
    weights, first, second, value = compiled(
        weights, first, second, float(number), views["molecule"], views["text"],
        jax.random.key(number))
    jax.block_until_ready((weights, value))
    times.append(1000 * (time.perf_counter() - start))
print(json.dumps({"jax": jax.__version__, "milliseconds": statistics.median(times[2:])}))
