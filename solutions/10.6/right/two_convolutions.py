import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.autograd import Variable


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 8, kernel_size=3)
        self.conv2 = nn.Conv2d(8, 12, kernel_size=2)
        self.fc = nn.Linear(12, 3)

    def forward(self, x):
        in_size = x.size(0)
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 5)
        x = x.view(in_size, -1)
        return self.fc(x)


def train(x, y):
    model = Net()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.Adam(model.parameters(), lr=0.02)
    for epoch in range(70):
        data, target = Variable(x), Variable(y)
        optimizer.zero_grad()
        output = model(data)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
        if epoch % 10 == 0:
            pred = output.data.max(1, keepdim=True)[1]
            correct = pred.eq(target.data.view_as(pred)).cpu().sum()
            print('Train Epoch: {} \tLoss: {:.6f} Aniqlik: {}/{}'.format(epoch, loss.data, correct, len(x)))
    return model
