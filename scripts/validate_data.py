"""Check shards and raw files; exit status 1 if one is bad. Same as ``codeling data validate``."""

from codeling.cli import script

if __name__ == "__main__":
    script("data validate")
