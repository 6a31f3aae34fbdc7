import torch
from torch.autograd import grad

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.ones(1, requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    s = y_pred - y
    return s * s


satrlar = [forward(4).item()]
for epoch in range(10):
    for i in range(len(x_soat)):
        xato = loss(forward(x_soat[i]), y_baho[i])
        (dw,) = grad(xato, w)
        satrlar.append(dw.item())
        with torch.no_grad():
            w -= 0.01 * dw
    satrlar.append(xato.item())
satrlar.append(forward(4).item())

for satr in satrlar:
    print("%.3f" % satr)
