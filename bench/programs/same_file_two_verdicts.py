# 4.6: none
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = 1.0


def gradient(xs, ys):
    grad = 0
    for x, y in zip(xs, ys):
        grad = 2 * x * (w * x - y)
    return grad / len(xs)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * 2 * x * (x * w - y)
