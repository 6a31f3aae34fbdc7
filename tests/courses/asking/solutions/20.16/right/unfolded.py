def pool2d(X, pool_size, mode="max"):
    p_h, p_w = pool_size
    windows = X.unfold(0, p_h, 1).unfold(1, p_w, 1).flatten(2)
    return windows.amax(2) if mode == "max" else windows.mean(2)
