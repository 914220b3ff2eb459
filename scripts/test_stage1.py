"""Verify the language model: samples and measurements; exit status 1 below the thresholds.

Same as ``codeling eval --stage language``.
"""

from codeling.cli import script

if __name__ == "__main__":
    script("eval", "--stage", "language")
