"""A reward model from preference pairs. Same as ``codeling train-reward``."""

from codeling.cli import script

if __name__ == "__main__":
    script("train-reward")
