import torch


def grad_clipping(net, theta):
    pass
