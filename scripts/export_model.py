"""Export a checkpoint as a folder for `transformers`, vLLM and SGLang. Same as ``codeling export hf``."""

from codeling.cli import script

if __name__ == "__main__":
    script("export hf")
