import torch
import torch.nn.functional as F
from torch import nn, optim


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.l1 = nn.Linear(2, 16)
        self.l2 = nn.Linear(16, 3)

    def forward(self, x):
        x = x.view(-1, 2)
        x = F.relu(self.l1(x))
        return self.l2(x)


def train(x, y):
    model = Net()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.5)
    for epoch in range(120):
        optimizer.zero_grad()
        output = model(x)
        loss = criterion(output, y)
        loss.backward()
        optimizer.step()
        if epoch % 50 == 0:
            print(f"Epoch: {epoch} Xatolik: {loss.item():.4f}")
    return model
