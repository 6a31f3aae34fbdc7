x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def gradient(x, y):
    return 2 * x * (x * w - y)


def train(lr, epochs=10):
    w = 1.0
    for epoch in range(epochs):
        for x, y in zip(x_soat, y_baho):
            w = w - lr * 2 * x * (x * w - y)
    return w


w = train(0.01)
other = train(0.001, 20)
