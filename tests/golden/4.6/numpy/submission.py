import numpy as np

x_soat = np.array([1.0, 2.0, 3.0])
y_baho = np.array([2.0, 4.0, 6.0])
w = np.float64(1.0)


def gradient(x, y):
    return np.multiply(2.0, (x * w - y)) * x


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
