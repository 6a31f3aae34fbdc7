x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0


def gradient(x, y):
    return 2 * w * x * x - 2 * x * y


def make_step(rate):
    def step(x, y):
        global w
        w = w - rate * gradient(x, y)

    return step


qadam = make_step(0.01)
for _ in range(10):
    for juft in zip(x_soat, y_baho):
        qadam(*juft)
