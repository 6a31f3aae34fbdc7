import torch
from torch.autograd import Variable

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = Variable(torch.Tensor([1.0]), requires_grad=True)


def forward(x):
    return x * w


def loss(x, y):
    y_pred = forward(x)
    return (y_pred - y) * (y_pred - y)


print("bashorat (oldin)", 4, forward(4).data[0])

for epoch in range(10):
    for x_val, y_val in zip(x_soat, y_baho):
        l = loss(x_val, y_val)
        l.backward()
        print("\tgrad:", x_val, y_val, w.grad.data[0])
        w.data = w.data - 0.01 * w.grad.data
        w.grad.data.zero_()
    print("progress:", epoch, l.data[0])

print("bashorat (keyin)", 4, forward(4).data[0])
