"""Preference pairs for the reward model and DPO. Same as ``codeling data prepare-preferences``."""

from codeling.cli import script

if __name__ == "__main__":
    script("data prepare-preferences")
