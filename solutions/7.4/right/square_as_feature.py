import torch
from torch import nn


class Egri(nn.Module):
    """Chiziqli model, lekin x ning kvadrati ham kirish."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 1)

    def forward(self, x):
        return self.linear(torch.cat([x, x**2], dim=1))


def train(x, y):
    model = Egri()
    opt = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(500):
        opt.zero_grad()
        ((model(x) - y) ** 2).mean().backward()
        opt.step()
    return model
