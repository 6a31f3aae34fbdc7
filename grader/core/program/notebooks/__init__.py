"""Notebooks, and what Jupyter and Colab make of them, as programs."""
