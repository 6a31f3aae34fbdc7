def gradient(w, b, x, y):
    dw = 2 * x * (x * w + b - y)
    db = 2 * x * (x * w + b - y)
    return dw, db
