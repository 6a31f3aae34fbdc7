import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 3)

    def forward(self, x):
        conv = nn.Conv2d(1, 8, 3)
        x = F.max_pool2d(F.relu(conv(x)), 6)
        return self.fc(x.view(len(x), -1))


def train(x, y):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(80):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model
