"""Tokenize code into data/processed/code_train_large.npy and code_val_large.npy.

Same as ``codeling data prepare-code``.
"""

from codeling.cli import script

if __name__ == "__main__":
    script("data prepare-code")
