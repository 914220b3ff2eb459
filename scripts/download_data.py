"""Download TinyStories (V2-GPT4) to data/raw/; other sources with --source.

Same as ``codeling data download-stories``.
"""

from codeling.cli import script

if __name__ == "__main__":
    script("data download-stories")
