import torch


def forward(X, W, c, w, b):
    ...
