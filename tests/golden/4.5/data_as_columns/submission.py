import torch

# Har bir qator bitta talaba
x_soat = torch.tensor([[1.0], [2.0], [3.0]])
y_baho = torch.tensor([[2.0], [4.0], [6.0]])
w = torch.tensor([[1.0]], requires_grad=True)


def forward(x):
    return w * x


def loss(y_pred, y):
    return ((y_pred - y) ** 2).mean()


for epoch in range(10):
    for i in range(x_soat.shape[0]):
        l = loss(forward(x_soat[i]), y_baho[i])
        l.backward()
        w.data -= 0.01 * w.grad
        w.grad.zero_()
