# 4.6: returned-in-loop
x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = 1.0


def mean_gradient():
    total = 0.0
    for x, y in zip(x_soat, y_baho):
        total += 2 * x * (x * w - y)
        return total / len(x_soat)


def gradient(x, y):
    return 2 * x * (x * w - y)


for epoch in range(10):
    w = w - 0.01 * mean_gradient()
