import numpy as np
import torch

x_soat = np.array([1.0, 2.0, 3.0])
y_baho = np.array([2.0, 4.0, 6.0])
w = np.ones(1)
