def mse(w, x_soat, y_baho):
    return sum((w * x - y) ** 2 for x, y in zip(x_soat, y_baho)) / len(y_baho)


print("MSE:", mse(1.0, [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]))
