x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def forward(x):
    return x * w


def gradient(x, y):
    return 2 * x * (forward(x) - y)


def train():
    for epoch in range(10):
        for x, y in zip(x_soat, y_baho):
            w = w - 0.01 * gradient(x, y)


train()
