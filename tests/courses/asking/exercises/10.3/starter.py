import numpy as np


def sigmoid(z):
    ...


def propagate(w, b, X, Y):
    ...


def optimize(w, b, X, Y, num_iterations, learning_rate):
    ...


def predict(w, b, X):
    ...
