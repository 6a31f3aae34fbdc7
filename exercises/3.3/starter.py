def step(w, b, x_soat, y_baho, rate):
    # Oʻrtacha gradient va yangilash / the mean gradient and the update
    ...
    return w, b
