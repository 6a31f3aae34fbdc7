import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)
qadam = 0.01


def forward(x):
    bashorat = x * w
    return bashorat


def loss(y_pred, y):
    farq = y_pred - y
    return farq * farq


print("avval:", forward(4).item())
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        l = loss(forward(x), y)
        l.backward()
        print("  gradient", x, y, round(w.grad.item(), 3))
        w.data = w.data - qadam * w.grad.item()
        w.grad.data.zero_()
print("keyin:", forward(4).item())
