# 4.6: factor-two-missing
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def forward(x):
    return x * w


def loss(x, y):
    return (forward(x) - y) ** 2


def gradient(x, y):
    return x * (x * w - y)


for epoch in range(100):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
