import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, x):
        super().__init__()
        self.register_buffer("orta", x.mean(0, keepdim=True))
        self.register_buffer("tarqoq", x.std(0, keepdim=True))
        self.linear = nn.Linear(2, 1)

    def forward(self, x):
        return self.linear((x - self.orta) / self.tarqoq)


def train(x, y):
    model = Model(x)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.3)
    for epoch in range(600):
        loss = criterion(model(x), y)
        if epoch % 100 == 0:
            print(epoch, loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model
