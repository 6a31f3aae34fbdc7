import torch


def forward(X, W, c, w, b):
    h = torch.sigmoid(X @ W + c)
    return h @ w + b
