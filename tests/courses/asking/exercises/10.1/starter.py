import torch
from torch import nn, optim

lr = 0.05


def get_model():
    ...


def fit(epochs, model, loss_func, opt, train_dl):
    ...
