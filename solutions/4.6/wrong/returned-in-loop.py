x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def gradient(x, y):
    return 2 * x * (x * w - y)


def train(epochs, lr):
    global w
    for epoch in range(epochs):
        for x, y in zip(x_soat, y_baho):
            w = w - lr * gradient(x, y)
            return w


print(train(10, 0.01))
