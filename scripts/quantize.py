"""Write a checkpoint's weights in int8, for generating.

Same as ``codeling quantize``.
"""

from codeling.cli import script

if __name__ == "__main__":
    script("quantize")
