x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]

w = 1.0


def gradient(x, y):
    return 2 * x * (x * w - y)


og_irlik = w
for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        og_irlik = og_irlik - 0.01 * 2 * x * (x * og_irlik - y)
