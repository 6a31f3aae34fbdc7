import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x, b=0.0):
    return x * w + b


def loss(y_pred, y, power=2):
    return (y_pred - y) ** power


try:
    for epoch in range(10):
        for x, y in zip(x_soat, y_baho):
            loss(forward(x), y).backward(retain_graph=True)
            w.data -= 0.01 * w.grad
            w.grad *= 0
except KeyboardInterrupt:
    print("toʻxtatildi")
finally:
    print(w)
