def gradient(w, b, x, y):
    dw = 2 * w * x**2 + 2 * b * x - 2 * x * y
    db = 2 * (b - (y - w * x))
    print("dw =", dw, "db =", db)
    return dw, db
