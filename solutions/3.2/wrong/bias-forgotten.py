def gradient(w, b, x, y):
    dw = 2 * x * (x * w - y)
    db = 2 * (x * w - y)
    return dw, db
