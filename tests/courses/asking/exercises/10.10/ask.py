def weights(W_x, W_h, b, W_q, b_q):
    """The weights of each gate are columns side by side."""
    size = W_h.shape[0]
    gates = [slice(start, start + size) for start in range(0, W_h.shape[1], size)]
    return [*(part for gate in gates for part in (W_x[:, gate], W_h[:, gate], b[gate])), W_q, b_q]
