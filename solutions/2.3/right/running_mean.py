def mse(w, x_soat, y_baho):
    """Oʻrtacha har bir juftlikdan keyin yangilanadi."""
    mean = 0.0
    count = 0
    while count < len(x_soat):
        error = y_baho[count] - w * x_soat[count]
        count += 1
        mean += (error**2 - mean) / count
    return mean
