def sgd(w, x_soat, y_baho, order, rate):
    losses = []
    # Har bir juftlikdan keyin yangilash / an update after each pair
    ...
    return w, losses
