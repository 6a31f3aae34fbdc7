import numpy as np
from torch import nn, ones

x_soat = np.array([1.0, 2.0, 3.0])
y_baho = np.array([2.0, 4.0, 6.0])
w = nn.Parameter(ones(1))
