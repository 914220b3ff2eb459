"""tokenizer.json: what is read, what is refused, what the hash depends on."""

import json
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from tokenizers import Regex, decoders, models, pre_tokenizers, trainers

from codeling.errors import Failure, UsageError
from codeling.tokenizer import special
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer
from codeling.tokenizer.vocabulary import SPLIT_PATTERN, byte_alphabet, last_merge, parse, render


def test_the_byte_alphabet_is_that_of_tokenizers():
    assert len(set(byte_alphabet())) == 256
    assert set(byte_alphabet()) == set(pre_tokenizers.ByteLevel.alphabet())
    for i in range(256):
        if (character := chr(i)).isascii():
            ((piece, _),) = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(
                character
            )
            assert piece == byte_alphabet()[i]


def test_reading_and_writing_are_inverse(tokenizer: Tokenizer):
    vocabulary = parse(tokenizer.to_json())
    assert vocabulary == tokenizer.vocabulary
    assert parse(render(vocabulary)) == vocabulary
    assert [vocabulary.tokens[bytes([i])] for i in range(256)] == list(range(256))


def test_last_merge_recovers_every_merge(tokenizer: Tokenizer):
    tokens = tokenizer.vocabulary.tokens
    by_id = {i: token for token, i in tokens.items()}
    for number, (left, right) in enumerate(tokenizer.vocabulary.merges):
        assert last_merge(by_id[256 + number], tokens) == (by_id[left], by_id[right])
        assert by_id[left] + by_id[right] == by_id[256 + number]


def test_the_hash_ignores_formatting_and_notices_content(tokenizer: Tokenizer, tmp_path: Path, corpus: list[str]):
    content = json.loads(tokenizer.to_json())
    for text in (
        json.dumps(content),
        json.dumps(content, indent=4, sort_keys=True),
        tokenizers.Tokenizer.from_str(tokenizer.to_json()).to_str(pretty=True),
        json.dumps(
            content | {"model": content["model"] | {"merges": [" ".join(m) for m in content["model"]["merges"]]}}
        ),
    ):
        assert Tokenizer.from_json(text).content_hash == tokenizer.content_hash
    assert len(tokenizer.content_hash) == 64

    other = train_tokenizer(
        [text.upper() for text in corpus], vocab_size=tokenizer.vocab_size, output=tmp_path / "tokenizer.json"
    )
    assert other.vocab_size == tokenizer.vocab_size
    assert other.content_hash != tokenizer.content_hash
    assert other != tokenizer

    content["added_tokens"][3]["special"] = False
    assert Tokenizer.from_json(json.dumps(content)).content_hash != tokenizer.content_hash


def test_swapping_two_merges_changes_the_hash_or_is_refused(tokenizer: Tokenizer):
    content = json.loads(tokenizer.to_json())
    merges, vocab = content["model"]["merges"], content["model"]["vocab"]
    merges[0], merges[1] = merges[1], merges[0]
    with pytest.raises(Failure, match="order of their ids"):
        Tokenizer.from_json(json.dumps(content))
    first, second = ("".join(merge) for merge in merges[:2])
    vocab[first], vocab[second] = vocab[second], vocab[first]
    try:
        assert Tokenizer.from_json(json.dumps(content)).content_hash != tokenizer.content_hash
    except Failure as error:
        assert "BPE trainer" in str(error)


def test_a_tokenizer_trained_by_tokenizers_is_read(corpus: list[str]):
    theirs = tokenizers.Tokenizer(models.BPE())
    theirs.pre_tokenizer = pre_tokenizers.Sequence(  # type: ignore[assignment]
        [
            pre_tokenizers.Split(Regex(SPLIT_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    theirs.decoder = decoders.ByteLevel()  # type: ignore[assignment]
    theirs.train_from_iterator(
        corpus,
        trainers.BpeTrainer(
            vocab_size=900,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            special_tokens=[special.END_OF_TEXT, special.IM_START],
            show_progress=False,
        ),
    )
    ours = Tokenizer.from_json(theirs.to_str())
    assert ours.vocab_size == 900
    assert ours.end_of_text == 0  # they put special tokens first
    for text in [*corpus, "text <|im_start|> <|im_end|>"]:
        assert ours.encode_with_special(text) == theirs.encode(text).ids
        assert ours.decode(ours.encode(text)) == text


def _inconsistent(content: dict[str, Any]) -> None:
    # "zqj" as z+qj although zq is merged first: by ranks it would be zq+j, by the list of pairs never made at all.
    vocab, merges = content["model"]["vocab"], content["model"]["merges"]
    for merge in (["ÿ", "Þ"], ["Þ", "Ý"], ["ÿ", "ÞÝ"]):
        vocab["".join(merge)] = len(vocab)
        merges.append(merge)
    for number, token in enumerate(content["added_tokens"]):
        token["id"] = len(vocab) + number


def _set(path: str, value: Any):
    def change(content: dict[str, Any]) -> None:
        *parents, leaf = path.split(".")
        for parent in parents:
            content = content[parent]
        content[leaf] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_set("normalizer", {"type": "NFC"}), "normalizer"),
        (_set("pre_tokenizer", {"type": "ByteLevel", "add_prefix_space": False}), "pretokenizers"),
        (lambda c: c["pre_tokenizer"]["pretokenizers"][0]["pattern"].update(Regex=r"\w+"), "qwen2"),
        (lambda c: c["pre_tokenizer"]["pretokenizers"][1].update(add_prefix_space=True), "prefix space"),
        (_set("model.type", "WordPiece"), "WordPiece"),
        (_set("model.dropout", 0.1), "dropout"),
        (_set("model.merges", [["a"]]), "not the tokenizer.json"),
        (_set("model.merges", []), "merges"),
        (_set("model.vocab", {}), "ids"),
        (_set("model.vocab.漢", 1500), "byte-level"),
        (_set("model.vocab.a", 5), "ids are not"),
        (lambda c: c["model"]["merges"].append(c["model"]["merges"][-1]), "merges"),
        (lambda c: c["added_tokens"][0].update(lstrip=True), "strips"),
        (lambda c: c["added_tokens"][0].update(id=7), "ids are not"),
        (lambda c: c.pop("model"), "model"),
        (_inconsistent, "BPE trainer"),
    ],
)
def test_what_we_could_not_encode_exactly_is_refused(tokenizer: Tokenizer, tmp_path: Path, change: Any, message: str):
    content = json.loads(tokenizer.to_json())
    change(content)
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Failure, match=message) as caught:
        Tokenizer.load(file)
    assert "changed.json" in str(caught.value)


@pytest.mark.parametrize("text", ["", "[1, 2]", "null", '{"version": "1.0"}', "{", "[" * 10, '"x"'])
def test_other_json_is_refused(text: str):
    with pytest.raises(Failure, match=r"tokenizer\.json"):
        Tokenizer.from_json(text)


def test_a_missing_file_names_the_command(tmp_path: Path):
    for path in (tmp_path, tmp_path / "absent.json"):
        with pytest.raises(UsageError, match=r"train_code_tokenizer\.py"):
            Tokenizer.load(path)
    (tmp_path / "tokenizer.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(UsageError, match=r"not a tokenizer\.json"):
        Tokenizer.load(tmp_path)
