x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def gradient(x, y):
    # y = 2x boʻlgani uchun: 2 * x * (x*w - 2*x)
    return 2 * x**2 * (w - 2)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
