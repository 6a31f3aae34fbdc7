import torch
from torch import nn


class LogisticModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 1)

    def forward(self, x):
        return self.linear(x)


def train(x, y):
    model = LogisticModel()
    criterion = nn.BCELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    y = y.float()
    for epoch in range(150):
        p = torch.sigmoid(model(x)).squeeze()
        loss = criterion(p, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if epoch % 50 == 0:
            print(f"epoch {epoch}: xatolik {loss.item():.3f}, aniqlik {((p > 0.5) == (y > 0.5)).float().mean():.2f}")
    return model
