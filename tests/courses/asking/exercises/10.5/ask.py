def after_training(norm, x, y, z):
    norm(x)
    norm(y)
    norm.eval()
    return norm(z), norm(2 * z)
