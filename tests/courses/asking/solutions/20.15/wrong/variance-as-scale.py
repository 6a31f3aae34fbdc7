import numpy as np


def initialize_parameters_he(layers_dims):
    parameters = {}
    for l in range(1, len(layers_dims)):
        n_out, n_in = layers_dims[l], layers_dims[l - 1]
        parameters["W" + str(l)] = np.random.randn(n_out, n_in) * 2 / n_in
        parameters["b" + str(l)] = np.zeros((n_out, 1))
    return parameters
