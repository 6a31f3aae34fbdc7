import importlib

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0
symbols = importlib.import_module("sy" + "mpy")
v, a, b = symbols.symbols("v a b")
slope = symbols.lambdify((v, a, b), symbols.diff((a * v - b) ** 2, v))


def gradient(x, y):
    return slope(w, x, y)


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
