def gradient(w, b, x, y):
    s = x * w + b - y
    return 2 * s, 2 * s * x
