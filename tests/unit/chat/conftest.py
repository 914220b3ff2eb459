"""A small tokenizer for the tests of this folder, trained on source code, with the files that ship beside it."""

import argparse
import inspect
import json
from pathlib import Path

import pytest

from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer


@pytest.fixture(scope="session")
def chat_tokenizer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat_tokenizer")
    texts = [inspect.getsource(module) for module in (argparse, json)]
    train_tokenizer(texts, vocab_size=700, output=folder / "tokenizer.json")
    return folder


@pytest.fixture(scope="session")
def chat_tokenizer(chat_tokenizer_folder: Path) -> Tokenizer:
    return Tokenizer.load(chat_tokenizer_folder)
