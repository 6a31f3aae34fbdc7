import torch


def forward(X, W, c, w, b):
    h = X @ W + c
    return h @ w + b
