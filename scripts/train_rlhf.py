"""Align the policy of stage 3 by PPO, GRPO or DPO. Same as ``codeling align``."""

from codeling.cli import script

if __name__ == "__main__":
    script("align")
