import torch
from torch import autograd

x_soat, y_baho = [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]
w = torch.ones(1, requires_grad=True)


def forward(x):
    return torch.mul(w, x)


def loss(y_pred, y):
    s = y_pred - y
    return s * s


for epoch in range(10):
    for i in range(len(x_soat)):
        xatolik = loss(forward(x_soat[i]), y_baho[i])
        # gradient qaytariladi, w.grad da toʻplanmaydi
        dw = autograd.grad(xatolik, w)[0]
        w.data.add_(dw, alpha=-0.01)
