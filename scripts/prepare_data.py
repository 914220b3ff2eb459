"""Tokenize stories into data/processed/train_large.npy and val_large.npy. Same as ``codeling data prepare``."""

from codeling.cli import script

if __name__ == "__main__":
    script("data prepare")
