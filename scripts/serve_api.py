"""Serve a model to editors, OpenAI's clients and the browser. Same as ``codeling serve``."""

from codeling.cli import script

if __name__ == "__main__":
    script("serve")
