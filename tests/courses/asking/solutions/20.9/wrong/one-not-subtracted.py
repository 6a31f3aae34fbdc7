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
    indices = [outsideWordIdx, *getNegativeSamples(outsideWordIdx, dataset, K)]
    signs = np.array([1] + [-1] * K)
    vectors = outsideVectors[indices]
    p = sigmoid(signs * (vectors @ centerWordVec))
    loss = -np.log(p).sum()
    delta = sigmoid(vectors @ centerWordVec)
    gradCenterVec = delta @ vectors
    gradOutsideVecs = np.zeros_like(outsideVectors)
    np.add.at(gradOutsideVecs, indices, np.outer(delta, centerWordVec))
    return loss, gradCenterVec, gradOutsideVecs
