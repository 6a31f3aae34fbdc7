import numpy as np


class NDArrayDataset:
    def __init__(self, *arrays):
        self.n = len(arrays[0])
        self.arrays = arrays

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        return tuple(a[i] for a in self.arrays)


class DataLoader:
    def __init__(self, dataset, batch_size=1, shuffle=False):
        self.dataset = dataset
        self.bs = batch_size
        self.shuffle = shuffle

    def __len__(self):
        full, rest = divmod(len(self.dataset), self.bs)
        return full + (rest > 0)

    def __iter__(self):
        idx = np.arange(len(self.dataset))
        if self.shuffle:
            idx = np.random.permutation(len(self.dataset))
        return iter([self.dataset[idx[k * self.bs:(k + 1) * self.bs]] for k in range(len(self))])
