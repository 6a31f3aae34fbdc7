def gradient(w, b, x, y):
    s = y - (x * w + b)
    return 2 * s * x, 2 * s
