# 5.2: broadcast-target
import torch

# MSE xatolik
def batch_loss(model, x, y):
    y = y.unsqueeze(0)
    pred = model(x)
    return torch.mean((pred - y) ** 2)
