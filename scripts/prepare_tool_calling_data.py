"""Make data/processed/tool_train.npy and tool_val.npy: conversations with tool calls, and what of them is trained.

Same as ``codeling data prepare-tools``.
"""

from codeling.cli import script

if __name__ == "__main__":
    script("data prepare-tools")
