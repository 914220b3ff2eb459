"""One small tokenizer for all tests of this folder, trained on source code and a little of many scripts."""

import argparse
import inspect
import json
import string
import textwrap
from pathlib import Path

import pytest
import tokenizers

from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer

VOCAB_SIZE = 1500


@pytest.fixture(scope="session")
def corpus() -> list[str]:
    scripts = "naïve café 中文字符 кириллица 𝒳 😀👩‍👩‍👧 e\u0301 हिन्दी ١٢٣ \u00a0\u2003\u2028 \t\t\r\n\r\n    end\n" * 20
    shell = "#!/bin/bash\nset -euo pipefail\nfor f in *.txt; do\n\tgrep -c 'foo' \"$f\"\ndone\n" * 20
    return [inspect.getsource(module) for module in (argparse, json, string, textwrap)] + [scripts, shell]


@pytest.fixture(scope="session")
def tokenizer_folder(corpus: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    train_tokenizer(corpus, vocab_size=VOCAB_SIZE, output=folder / "tokenizer.json")
    return folder


@pytest.fixture(scope="session")
def tokenizer(tokenizer_folder: Path) -> Tokenizer:
    return Tokenizer.load(tokenizer_folder)


@pytest.fixture(scope="session")
def reference(tokenizer: Tokenizer) -> tokenizers.Tokenizer:
    """The same file, read by `tokenizers`."""
    return tokenizers.Tokenizer.from_str(tokenizer.to_json())


@pytest.fixture(scope="session")
def plain_reference(tokenizer: Tokenizer) -> tokenizers.Tokenizer:
    """The same file without its added tokens, so that their names are plain text to `tokenizers` as well."""
    content = json.loads(tokenizer.to_json())
    return tokenizers.Tokenizer.from_str(json.dumps(content | {"added_tokens": []}))
