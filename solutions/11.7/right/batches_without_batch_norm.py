import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


class ResidualBlock(nn.Module):
    def __init__(self, in_channels, out_channels):
        super(ResidualBlock, self).__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=7, padding=3)
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1)
        self.shortcut = nn.Conv2d(in_channels, out_channels, kernel_size=1)

    def forward(self, x):
        out = F.relu(self.conv1(x))
        out = self.conv2(out)
        out += self.shortcut(x)
        return F.relu(out)


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.res = ResidualBlock(1, 24)
        self.mp = nn.MaxPool2d(10)
        self.fc = nn.Linear(24, 3)

    def forward(self, x):
        in_size = x.size(0)
        x = self.mp(self.res(x))
        x = x.view(in_size, -1)
        return self.fc(x)


def train(x, y):
    model = Net()
    train_loader = DataLoader(dataset=TensorDataset(x, y), batch_size=40, shuffle=True)
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    for epoch in range(40):
        for batch_idx, (data, target) in enumerate(train_loader):
            optimizer.zero_grad()
            loss = F.cross_entropy(model(data), target)
            loss.backward()
            optimizer.step()
        if epoch % 20 == 0:
            print("Train Epoch: {} Loss: {:.6f}".format(epoch, loss.item()))
    return model
