def gradient(w, b, x, y):
    return 2 * x * (x * w + b - y), 2 * (x * w + b - y)


def step(w, b, x_soat, y_baho, rate):
    juftlar = list(zip(x_soat, y_baho))
    gradlar = [gradient(w, b, x, y) for x, y in juftlar]
    grad_w = sum(g[0] for g in gradlar) / len(juftlar)
    grad_b = sum(g[1] for g in gradlar) / len(juftlar)
    w, b = w - rate * grad_w, b - rate * grad_b
    print("w =", w, "b =", b)
    return w, b
