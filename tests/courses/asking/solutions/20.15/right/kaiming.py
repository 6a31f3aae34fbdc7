import numpy as np
import torch
from torch import nn


def layer(n_in, n_out):
    linear = nn.Linear(n_in, n_out)
    nn.init.kaiming_normal_(linear.weight, mode="fan_in", nonlinearity="relu")
    nn.init.zeros_(linear.bias)
    return linear


def initialize_parameters_he(layers_dims):
    parameters = {}
    with torch.no_grad():
        for l in range(1, len(layers_dims)):
            linear = layer(layers_dims[l - 1], layers_dims[l])
            parameters["W%d" % l] = linear.weight.numpy()
            parameters["b%d" % l] = linear.bias.numpy().reshape(-1, 1)
    return parameters
