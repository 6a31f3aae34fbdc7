import torch


def forward(X, W, c, w, b):
    h = torch.relu(X @ W + c)
    return torch.relu(h @ w + b)
