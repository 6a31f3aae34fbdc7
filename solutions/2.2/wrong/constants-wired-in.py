w = 1.5
b = 4.0


def forward(x):
    return 1.5 * x + 4


def loss(x, y):
    return (forward(x) - y) ** 2
