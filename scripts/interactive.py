"""Talk with a model that can run tools, in the terminal. Same as ``codeling chat``."""

from codeling.cli import script

if __name__ == "__main__":
    script("chat")
