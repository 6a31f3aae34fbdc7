def mse(w, x_soat, y_baho):
    total = 0.0
    for x, y in zip(x_soat, y_baho):
        total += (x * w - y) ** 2
    return total / len(x_soat)
