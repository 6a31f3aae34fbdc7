import torch
import torch.nn as nn

lr = 0.05


class LinearRegression(nn.Module):
    def __init__(self, inputs, outputs):
        super(LinearRegression, self).__init__()
        self.linear = nn.Linear(inputs, outputs)

    def forward(self, x):
        return self.linear(x)


def get_model():
    net = LinearRegression(3, 1)
    return (net, torch.optim.SGD(net.parameters(), lr))


def loss_batch(model, loss_func, xb, yb, opt):
    y_hat = model(xb)
    l = loss_func(y_hat, yb)
    opt.zero_grad()
    l.backward()
    opt.step()
    return l.item(), len(xb)


def fit(epochs, model, loss_func, opt, train_dl):
    model.train()
    for epoch in range(epochs):
        total = 0
        for batch in train_dl:
            total += loss_batch(model, loss_func, *batch, opt)[0]
        print("epoch", epoch, "loss", total)
