"""A tokenizer whose tokens cross the borders of JSON, such as ``": "`` and ``}}\\n``."""

import json
import random

import pytest

from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer
from codeling.tools.calls import ToolCall, render_call


@pytest.fixture(scope="session")
def json_tokenizer(tmp_path_factory) -> Tokenizer:
    generator = random.Random(0)
    words = ["city", "name", "Rome", "días", "unit", "metric", "code", "print(1)\n", "2024-05-06", "😀"]

    def value(depth: int = 0):
        kind = generator.randrange(7 if depth < 3 else 5)
        if kind < 2:
            return " ".join(generator.choices(words, k=generator.randint(1, 4)))
        if kind < 5:
            return [generator.randint(-99, 9999), round(generator.uniform(-9, 9), 2), None, True, False][kind - 2 :][0]
        if kind == 5:
            return [value(depth + 1) for _ in range(generator.randint(0, 4))]
        return {word: value(depth + 1) for word in generator.sample(words, k=generator.randint(0, 4))}

    calls = [ToolCall(generator.choice(words), {word: value() for word in words}) for _ in range(300)]
    texts = [render_call(call) + json.dumps(value()) for call in calls]
    folder = tmp_path_factory.mktemp("json_tokenizer")
    return train_tokenizer(texts, vocab_size=450, output=folder / "tokenizer.json")
