"""Score a model's tool calls: names, exact arguments, when not to call, on seen and unseen tools, beside two baselines.

Same as ``codeling eval tools``.
"""

from codeling.cli import script

if __name__ == "__main__":
    script("eval tools")
