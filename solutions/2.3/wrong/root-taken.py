import math


def mse(w, x_soat, y_baho):
    l_sum = sum((x * w - y) ** 2 for x, y in zip(x_soat, y_baho))
    return math.sqrt(l_sum / len(x_soat))
