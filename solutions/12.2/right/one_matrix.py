import numpy as np


def step(x, h, W_x, W_h, b):
    # [x, h] yonma-yon, vaznlar ustma-ust: bitta koʻpaytma
    return np.tanh(np.concatenate([x, h], axis=1) @ np.vstack([W_x, W_h]) + b)


def run(X, h0, W_x, W_h, b):
    states = [h0]
    for x in X:
        states.append(step(x, states[-1], W_x, W_h, b))
    return np.array(states[1:])
