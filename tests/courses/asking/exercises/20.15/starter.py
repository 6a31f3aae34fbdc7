import numpy as np


def initialize_parameters_he(layers_dims):
    parameters = {}
    L = len(layers_dims) - 1  # layers with weights

    for l in range(1, L + 1):
        pass

    return parameters
