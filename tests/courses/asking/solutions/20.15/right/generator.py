import numpy as np

rng = np.random.default_rng()


def initialize_parameters_he(layers_dims):
    weights = {}
    biases = {}
    for l, (n_in, n_out) in enumerate(zip(layers_dims, layers_dims[1:]), start=1):
        weights[f"W{l}"] = rng.normal(loc=0.0, scale=(2.0 / n_in) ** 0.5, size=(n_out, n_in))
        biases[f"b{l}"] = np.zeros((n_out, 1))
    return {**weights, **biases}
