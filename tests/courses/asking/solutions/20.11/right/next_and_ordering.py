import math
import numpy as np


class Dataset:
    def __getitem__(self, index):
        raise NotImplementedError

    def __len__(self):
        raise NotImplementedError


class NDArrayDataset(Dataset):
    def __init__(self, *arrays):
        self.arrays = arrays

    def __len__(self):
        return self.arrays[0].shape[0]

    def __getitem__(self, i):
        return tuple([a[i] for a in self.arrays])


class DataLoader:
    def __init__(self, dataset, batch_size=1, shuffle=False):
        self.dataset = dataset
        self.shuffle = shuffle
        self.batch_size = batch_size
        if not self.shuffle:
            self.ordering = np.array_split(np.arange(len(dataset)), range(batch_size, len(dataset), batch_size))

    def __len__(self):
        return math.ceil(len(self.dataset) / self.batch_size)

    def __iter__(self):
        if self.shuffle:
            order = np.random.permutation(len(self.dataset))
            self.ordering = np.array_split(order, range(self.batch_size, len(self.dataset), self.batch_size))
        self.i = -1
        return self

    def __next__(self):
        self.i += 1
        if self.i >= len(self.ordering):
            raise StopIteration
        samples = [self.dataset[k] for k in self.ordering[self.i]]
        return tuple(np.array([s[j] for s in samples]) for j in range(len(samples[0])))
