w = 1.5
b = 4.0


def forward(x):
    return x * w + b


def loss(x, y):
    return (forward(x) - y) ** 2 / 2
