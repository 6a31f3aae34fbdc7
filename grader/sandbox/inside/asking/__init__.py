"""Asks a loaded submission what a check asks: the objects that are made for it, the inputs, the call."""
