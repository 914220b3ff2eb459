"""Byte-level BPE: training, encoding, decoding, and the one list of special tokens."""
