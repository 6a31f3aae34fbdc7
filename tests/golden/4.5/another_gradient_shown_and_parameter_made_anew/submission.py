import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

# Misol: z = x * y tugunidan orqaga
a = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(3.0, requires_grad=True)
(a * b).backward(torch.tensor(5.0))
print(a.grad, b.grad)

w = torch.tensor(1.0, requires_grad=True)


def forward(x):
    return x * w


def loss(y_pred, y):
    return (y_pred - y) ** 2


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        loss(forward(x), y).backward()
        w = torch.tensor(w.item() - 0.01 * w.grad.item(), requires_grad=True)
