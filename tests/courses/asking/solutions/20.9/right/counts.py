import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def getNegativeSamples(outsideWordIdx, dataset, K):
    negSampleWordIndices = [None] * K
    for k in range(K):
        newidx = dataset.sampleTokenIdx()
        while newidx == outsideWordIdx:
            newidx = dataset.sampleTokenIdx()
        negSampleWordIndices[k] = newidx
    return negSampleWordIndices


def negSamplingLossAndGradient(centerWordVec, outsideWordIdx, outsideVectors, dataset, K=10):
    counts = np.bincount(getNegativeSamples(outsideWordIdx, dataset, K), minlength=len(outsideVectors))
    scores = outsideVectors @ centerWordVec
    loss = np.log1p(np.exp(-scores[outsideWordIdx])) + counts @ np.log1p(np.exp(scores))
    delta = counts * sigmoid(scores)
    delta[outsideWordIdx] = sigmoid(scores[outsideWordIdx]) - 1
    return loss, outsideVectors.T @ delta, delta[:, None] * centerWordVec
