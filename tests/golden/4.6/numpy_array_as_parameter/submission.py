import numpy as np

x_soat = np.array([1.0, 2.0, 3.0])
y_baho = np.array([2.0, 4.0, 6.0])
w = np.array([1.0])


def gradient(x, y):
    return 2 * x * (x * w - y)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w[0] -= 0.01 * gradient(x, y)[0]
