"""Train a stage: --stage language, code or tools. Same as ``codeling train``."""

from codeling.cli import script

if __name__ == "__main__":
    script("train")
