"""A small tokenizer for the tests of this folder, with everything that the chat format needs."""

import argparse
import inspect
import json

import pytest

from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer


@pytest.fixture(scope="session")
def rlhf_tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("rlhf_tokenizer")
    texts = [inspect.getsource(module) for module in (argparse, json)]
    return train_tokenizer(texts, vocab_size=700, output=folder / "tokenizer.json")
