"""Run untrusted code. One small port, `Sandbox.run(job) -> Run`, and the boxes behind it."""
