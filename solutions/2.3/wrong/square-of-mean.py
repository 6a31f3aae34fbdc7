def mse(w, x_soat, y_baho):
    total = 0
    for x, y in zip(x_soat, y_baho):
        total += x * w - y
    return (total / len(x_soat)) ** 2
