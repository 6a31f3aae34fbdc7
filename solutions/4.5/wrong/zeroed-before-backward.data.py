import torch
from torch.autograd import Variable

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = Variable(torch.Tensor([1.0]), requires_grad=True)  # taxminiy qiymat


def forward(x):
    y_pred = x * w
    return y_pred


def loss(y_pred, y):
    farq = y_pred - y
    return farq * farq


for epoch in range(10):
    for x_val, y_val in zip(x_soat, y_baho):
        l = loss(forward(x_val), y_val)
        w.grad.data.zero_()
        l.backward()
        w.data = w.data - 0.01 * w.grad.data
    print("progress:", epoch, l.item())
