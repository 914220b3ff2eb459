"""Codeling: train your own code language model from scratch, stage by stage, and put it to work."""

__version__ = "0.1.0"
