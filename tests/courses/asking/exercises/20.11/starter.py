import numpy as np


class NDArrayDataset:
    def __init__(self, *arrays):
        self.arrays = arrays


class DataLoader:
    def __init__(self, dataset, batch_size=1, shuffle=False):
        self.dataset = dataset
