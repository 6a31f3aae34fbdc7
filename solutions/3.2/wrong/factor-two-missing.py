def gradient(w, b, x, y):
    xato = w * x + b - y
    return xato * x, xato
