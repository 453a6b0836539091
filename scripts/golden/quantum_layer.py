#!/usr/bin/env python3
"""States and gradients of AmplitudeEmbedding + StronglyEntanglingLayers by PennyLane.

For every case: the state of an embedded vector (padded with zeros, normalised), and the gradients
of loss = sum(a * Re(state) + b * Im(state)) with respect to the vector and the angles, by
back-propagation through PennyLane's own simulator in doubles.
Needs `pip install pennylane`.
Usage: quantum_layer.py > Tests/FusionTests/Golden/quantum-layer.json
"""
import json

import pennylane as qml
from pennylane import numpy as np

SEED = 20251125
# qubits, layers, width of the vector
SHAPES = [(1, 2, 1), (1, 1, 2), (2, 3, 3), (3, 1, 5), (3, 4, 8), (4, 5, 13), (5, 2, 32), (5, 6, 17)]

random = np.random.default_rng(SEED)


def rounded(values):
    return [float(f"{float(v):.9g}") for v in np.asarray(values).reshape(-1)]


def float32(values):
    """Doubles that a 32-bit float holds exactly."""
    return np.array(values.astype("float32").astype("float64"), requires_grad=True)


def case(qubits, layers, width):
    device = qml.device("default.qubit", wires=qubits)

    @qml.qnode(device, interface="autograd", diff_method="backprop")
    def state(vector, angles):
        qml.AmplitudeEmbedding(vector, wires=range(qubits), pad_with=0.0, normalize=True)
        qml.StronglyEntanglingLayers(angles, wires=range(qubits))
        return qml.state()

    vector = float32(random.normal(size=width))
    angles = float32(random.uniform(0, 2 * np.pi, size=(layers, qubits, 3)))
    a = float32(random.normal(size=2**qubits))
    b = float32(random.normal(size=2**qubits))

    def loss(vector, angles):
        found = state(vector, angles)
        return np.sum(a * np.real(found) + b * np.imag(found))

    found = state(vector, angles)
    vector_gradient, angles_gradient = qml.grad(loss, argnums=[0, 1])(vector, angles)
    return {
        "qubits": qubits,
        "layers": layers,
        "vector": rounded(vector),
        "angles": rounded(angles),
        "a": rounded(a),
        "b": rounded(b),
        "real": rounded(np.real(found)),
        "imaginary": rounded(np.imag(found)),
        "vectorGradient": rounded(vector_gradient),
        "anglesGradient": rounded(angles_gradient),
    }


document = {
    "generator": "scripts/golden/quantum_layer.py",
    "pennylane": qml.__version__,
    "numpy": np.__version__ if hasattr(np, "__version__") else __import__("numpy").__version__,
    "seed": SEED,
    "tolerance": 1e-5,
    "cases": [case(*shape) for shape in SHAPES],
}
print(json.dumps(document, indent=1))
