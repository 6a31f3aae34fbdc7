x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def gradient(x, y):
    return 2 * x * (x * w - y)


for epoch in range(10):
    # avval hamma gradientlar, keyin hamma yangilanishlar
    grads = []
    for x, y in zip(x_soat, y_baho):
        grads.append(gradient(x, y))
    for g in grads:
        w = w - 0.01 * g
