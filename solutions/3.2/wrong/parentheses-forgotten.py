def gradient(w, b, x, y):
    dw = 2 * x * w + b - y * x
    db = 2 * x * w + b - y
    return dw, db
