"""The engine: judging, batches of it, and proofs of exercises."""
