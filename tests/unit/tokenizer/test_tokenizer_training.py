"""Training: the merges of the textbook algorithm, whole files, a size that is kept, honest errors."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import tokenizers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Regex, models, pre_tokenizers, trainers

from codeling.errors import UsageError
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import MIN_VOCAB_SIZE, NUM_RESERVED, train_tokenizer
from codeling.tokenizer.vocabulary import SPLIT_PATTERN


def textbook_merges(texts: list[str], limit: int) -> list[tuple[int, int]]:
    """BPE by recounting everything at each step; of equally frequent pairs the one with the lowest ids."""
    split = pre_tokenizers.Split(Regex(SPLIT_PATTERN), "isolated")
    words = Counter(tuple(piece.encode()) for text in texts for piece, _ in split.pre_tokenize_str(text))
    merges: list[tuple[int, int]] = []
    while len(merges) < limit:
        pairs: Counter[tuple[int, int]] = Counter()
        for word, count in words.items():
            for pair in pairwise(word):
                pairs[pair] += count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merged: Counter[tuple[int, ...]] = Counter()
        for word, count in words.items():
            out, i = [], 0
            while i < len(word):
                if word[i : i + 2] == best:
                    out.append(256 + len(merges))
                    i += 2
                else:
                    out.append(word[i])
                    i += 1
            merged[tuple(out)] += count
        words = merged
        merges.append(best)
    return merges


@given(texts=st.lists(st.text(alphabet="aab é\n中'=1", max_size=60), min_size=1, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_merges_are_those_of_the_textbook(tmp_path: Path, texts: list[str]):
    merges = textbook_merges(texts, 40)
    size = MIN_VOCAB_SIZE + len(merges)
    tokenizer = train_tokenizer(texts, vocab_size=size, output=tmp_path / "tokenizer.json")
    assert list(tokenizer.vocabulary.merges) == merges


def test_the_merges_of_real_code_are_those_of_the_textbook(tmp_path: Path, corpus: list[str]):
    texts = [text[:6000] for text in corpus]
    tokenizer = train_tokenizer(texts, vocab_size=MIN_VOCAB_SIZE + 120, output=tmp_path / "tokenizer.json")
    assert list(tokenizer.vocabulary.merges) == textbook_merges(texts, 120)


def test_as_good_as_the_trainer_of_tokenizers(tokenizer: Tokenizer, corpus: list[str]):
    theirs = tokenizers.Tokenizer(models.BPE())
    theirs.pre_tokenizer = pre_tokenizers.Sequence(  # type: ignore[assignment]
        [
            pre_tokenizers.Split(Regex(SPLIT_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    theirs.train_from_iterator(
        corpus,
        trainers.BpeTrainer(
            vocab_size=tokenizer.vocab_size - NUM_RESERVED,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    ours, their = (
        sum(len(ids) for ids in encoded)
        for encoded in (tokenizer.encode_batch(corpus), [encoding.ids for encoding in theirs.encode_batch(corpus)])
    )
    assert abs(ours / their - 1) < 0.003  # they differ among equally frequent pairs only
    plain = json.loads(tokenizer.to_json())["model"]["vocab"].keys()
    shared = plain & theirs.get_vocab().keys()
    assert len(shared) > 0.93 * (tokenizer.vocab_size - NUM_RESERVED)


@pytest.mark.parametrize("size", [MIN_VOCAB_SIZE, 300, 1000])
def test_the_size_counts_everything(tmp_path: Path, corpus: list[str], size: int):
    tokenizer = train_tokenizer(corpus, vocab_size=size, output=tmp_path / "tokenizer.json")
    assert tokenizer.vocab_size == size
    theirs = tokenizers.Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    assert theirs.get_vocab_size(with_added_tokens=True) == size
    assert sorted(theirs.get_vocab().values()) == list(range(size))
    assert theirs.encode("#!/bin/bash").ids == tokenizer.encode("#!/bin/bash")


def test_the_specifications_check(tokenizer_folder: Path):
    tokens = tokenizers.Tokenizer.from_file(str(tokenizer_folder / "tokenizer.json")).encode("#!/bin/bash").tokens
    assert "".join(tokens) == "#!/bin/bash"
    assert tokens[0] == "#!/" and len(tokens) <= 4


def test_too_little_text_names_the_size_it_supports(tmp_path: Path):
    output = tmp_path / "tokenizer.json"
    texts = ["aaab aaab cd\n"]
    with pytest.raises(UsageError, match="--vocab-size 32000") as caught:
        train_tokenizer(texts, vocab_size=32000, output=output)
    assert list(tmp_path.iterdir()) == []
    supported = MIN_VOCAB_SIZE + len(textbook_merges(texts, 100))
    assert f"--vocab-size {supported} " in str(caught.value)
    assert train_tokenizer(texts, vocab_size=supported, output=output).vocab_size == supported
    with pytest.raises(UsageError, match=f"support only {MIN_VOCAB_SIZE} "):
        train_tokenizer([], vocab_size=1000, output=output)


@pytest.mark.parametrize("size", [-1, 0, 256, MIN_VOCAB_SIZE - 1])
def test_too_small_a_size_is_refused(tmp_path: Path, size: int):
    with pytest.raises(UsageError, match=str(MIN_VOCAB_SIZE)):
        train_tokenizer(["text"], vocab_size=size, output=tmp_path / "tokenizer.json")


def test_an_existing_file_becomes_the_backup(tmp_path: Path, corpus: list[str]):
    output = tmp_path / "deep" / "tokenizer.json"
    first = train_tokenizer(corpus, vocab_size=400, output=output)
    assert sorted(file.name for file in output.parent.iterdir()) == [
        "chat_template.jinja",
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    second = train_tokenizer(corpus, vocab_size=500, output=output)
    assert Tokenizer.load(output) == second
    assert Tokenizer.load(output.with_name("tokenizer.json.backup")) == first
    third = train_tokenizer(corpus, vocab_size=600, output=output)
    assert Tokenizer.load(output) == third
    assert Tokenizer.load(output.with_name("tokenizer.json.backup")) == second


def test_a_failing_source_leaves_everything_as_it_was(tmp_path: Path, corpus: list[str]):
    output = tmp_path / "tokenizer.json"
    before = train_tokenizer(corpus, vocab_size=400, output=output)
    names = {file.name for file in tmp_path.iterdir()}

    def broken() -> Iterator[str]:
        yield from corpus
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        train_tokenizer(broken(), vocab_size=400, output=output)
    assert Tokenizer.load(output) == before
    assert {file.name for file in tmp_path.iterdir()} == names


def test_the_sample_limit_stops_reading(tmp_path: Path, corpus: list[str]):
    read, told = [], []

    def stream() -> Iterator[str]:
        for text in corpus:
            read.append(text)
            yield text

    limit = len(corpus[0].encode()) + 1000
    limited = train_tokenizer(
        stream(), vocab_size=500, output=tmp_path / "tokenizer.json", max_bytes=limit, progress=told.append
    )
    assert len(read) == 2
    assert told == sorted(told) and told[-1] == limit
    whole = [corpus[0], corpus[1].encode()[:1000].decode()]
    assert limited == train_tokenizer(whole, vocab_size=500, output=tmp_path / "whole" / "tokenizer.json")
    with pytest.raises(UsageError, match="sample"):
        train_tokenizer(corpus, vocab_size=500, output=tmp_path / "tokenizer.json", max_bytes=0)


def test_hostile_text_is_survived(tmp_path: Path, corpus: list[str]):
    hostile = [" " * 1_100_000 + "x", "\n" * 100_000, "acgt" * 100_000, "\udc80 surrogate", "", "\x00\x01"]
    tokenizer = train_tokenizer([*corpus, *hostile], vocab_size=600, output=tmp_path / "tokenizer.json")
    assert tokenizer.vocab_size == 600
    assert any(set(token) == {ord(" ")} and len(token) >= 1 << 14 for token in tokenizer.vocabulary.tokens)


def test_the_result_depends_on_the_text_only(tmp_path: Path, tokenizer: Tokenizer, corpus: list[str]):
    """Other processes, hash seeds and thread counts make the same tokenizer; the order of the texts does not matter."""
    (tmp_path / "corpus.json").write_text(json.dumps(corpus[::-1]), encoding="utf-8")
    program = (
        "import json, sys; from pathlib import Path; from codeling.tokenizer.training import train_tokenizer as train\n"
        "texts = json.loads(Path(sys.argv[1]).read_text(encoding='utf-8'))\n"
        "print(train(texts, vocab_size=int(sys.argv[2]), output=Path(sys.argv[3])).content_hash)"
    )
    for threads in ("1", "3"):
        arguments = [
            str(tmp_path / "corpus.json"),
            str(tokenizer.vocab_size),
            str(tmp_path / threads / "tokenizer.json"),
        ]
        environment = os.environ | {"RAYON_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
        result = subprocess.run(
            [sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, check=True
        )
        assert result.stdout.strip() == tokenizer.content_hash
