"""Alignment: preferences, the reward model, and learning from rewards."""
