"""Write a checkpoint's weights in 8 or 16 bits, for generating.

Same as ``codeling quantize``.
"""

from codeling.cli import script

if __name__ == "__main__":
    script("quantize")
