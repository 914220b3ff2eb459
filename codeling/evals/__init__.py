"""Measurements of a model: each a function from a model to a dictionary of numbers; gates; the run report."""
