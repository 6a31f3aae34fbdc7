def search(w_list, x_soat, y_baho):
    best, losses = None, []
    # Har bir w uchun xatolik / the loss for each w
    ...
    return best, losses
