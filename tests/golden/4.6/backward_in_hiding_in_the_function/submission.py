import importlib

x_soat = [1.0, 2.0, 3.0]
y_baho = [2.0, 4.0, 6.0]
w = 1.0

library = importlib.import_module("to" + "rch")


def gradient(x, y):
    leaf = library.ones(1) * w
    getattr(leaf, "requires" + "_grad_")()
    getattr((x * leaf - y) ** 2, "back" + "ward")()
    return getattr(leaf, "gr" + "ad").item()


for epoch in range(10):
    for x, y in zip(x_soat, y_baho):
        w = w - 0.01 * gradient(x, y)
