import torch

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = torch.tensor([1.0], requires_grad=True)


def forward(x):
    return x * w


def square(number):
    return number * number


def loss(y_pred, y):
    return square(y_pred - y)


def update(rate):
    with torch.no_grad():
        w.add_(w.grad, alpha=-rate)


def forget():
    w.grad = None


def step(x, y):
    l = loss(forward(x), y)
    l.backward()
    update(0.01)
    forget()
    return l.item()


history = [step(x, y) for epoch in range(10) for x, y in zip(x_soat, y_baho)]
print(min(history), max(history))
