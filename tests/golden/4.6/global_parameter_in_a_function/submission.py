x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = 1.0


def gradient(x, y):
    return 2 * x * (x * w - y)


def train(epochs, rate):
    global w
    for _ in range(epochs):
        for x, y in zip(x_soat, y_baho):
            w -= rate * gradient(x, y)


train(epochs=10, rate=0.01)
