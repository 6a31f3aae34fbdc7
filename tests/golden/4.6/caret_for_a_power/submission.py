x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def forward(x):
    return x * w


def loss(x, y):
    return (forward(x) - y) ^ 2


def gradient(x, y):
    return 2 * x * (forward(x) - y)


for epoch in range(10):
    jami = 0
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
        jami += loss(x, y)
