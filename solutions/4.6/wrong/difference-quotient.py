x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = 1.0


def loss(w, x, y):
    return (x * w - y) ** 2


def gradient(x, y):
    h = 0.5
    return (loss(w + h, x, y) - loss(w - h, x, y)) / (2 * h)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
