import numpy as np


def gradients(X, y, W_x, W_h, b):
    loss, dW_x, dW_h, db = 0.0, None, None, None
    # Oldinga, keyin vaqt boʻylab orqaga / forward, then back through time
    return loss, dW_x, dW_h, db
