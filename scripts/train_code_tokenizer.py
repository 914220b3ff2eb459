"""Train the tokenizer (stage 0) to data/tokenizer/tokenizer.json. Same as ``codeling tokenizer train``."""

from codeling.cli import script

if __name__ == "__main__":
    script("tokenizer train")
