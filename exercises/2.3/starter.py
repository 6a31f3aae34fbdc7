def mse(w, x_soat, y_baho):
    # Oʻrtacha kvadratik xatolik / the mean squared error
    ...


print(mse(1.0, [1.0, 2.0, 3.0], [2.0, 4.0, 6.0]))
