x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0
lr = 0.01


def gradient(x, y):
    farq = y - x * w
    return 2 * farq * x


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w -= lr * gradient(x, y)
