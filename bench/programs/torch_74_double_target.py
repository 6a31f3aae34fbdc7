# 7.4: double-precision
import numpy as np
import torch
import torch.nn as nn


def train(x, y):
    xs = torch.from_numpy(np.array(x.tolist()))
    ys = torch.from_numpy(np.array(y.tolist()))
    net = nn.Sequential(nn.Linear(1, 32), nn.ReLU(), nn.Linear(32, 1))
    opt = torch.optim.Adam(net.parameters(), lr=0.02)
    for _ in range(400):
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(xs), ys)
        loss.backward()
        opt.step()
    return net
