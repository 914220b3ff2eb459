"""Download a code corpus to data/raw/code_corpus.txt; other sources with --source.

Same as ``codeling data download-code``.
"""

from codeling.cli import script

if __name__ == "__main__":
    script("data download-code")
