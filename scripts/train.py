"""Train a stage: --stage language or --stage code. Same as ``codeling train``."""

from codeling.cli import script

if __name__ == "__main__":
    script("train")
