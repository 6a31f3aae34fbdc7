import torch


class Net(torch.nn.Module):
    def __init__(self, n):
        super(Net, self).__init__()
        self.linear = torch.nn.Linear(n, 1)

    def forward(self, x):
        return torch.squeeze(self.linear(x), dim=1)


def loss_fn(outputs, labels):
    p = torch.sigmoid(outputs)
    return -(labels * torch.log(p) + (1 - labels) * torch.log(1 - p)).mean()


def accuracy(outputs, labels):
    predicted = torch.where(outputs > 0, 1.0, 0.0)
    return sum(predicted == labels).item() / labels.shape[0]
