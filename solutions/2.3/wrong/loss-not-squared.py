def mse(w, x_soat, y_baho):
    return sum(x * w - y for x, y in zip(x_soat, y_baho)) / len(x_soat)
