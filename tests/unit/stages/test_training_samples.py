"""Samples are for the eye: whatever the weights are, the training goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.stages.training_samples import Sampler
from codeling.stages.training_setup import Setup
from codeling.tokenizer.training import train_tokenizer
from codeling.train.config import TrainConfig
from codeling.train.precision import Precision


@pytest.mark.parametrize("stage", ["language", "code", "tools"])
def test_weights_that_diverged_give_no_sample_and_end_nothing(tmp_path: Path, stage) -> None:
    tokenizer = train_tokenizer(["x"], vocab_size=269, output=tmp_path / "tokenizer.json")
    shape = ModelConfig(d_model=16, num_layers=1, num_heads=2, num_kv_heads=2, d_ff=32, vocab_size=269)
    model = Transformer(shape).init_weights(1)
    said: list[str] = []
    setup = Setup(TrainConfig(stage=stage), shape, tokenizer, None)
    sampler = Sampler(model, setup, precision=Precision(torch.device("cpu"), torch.float32), say=said.append)
    model.train()
    sampler.show(3)
    assert said and all(text.startswith("sample at step 3:\n") for text in said)
    said.clear()
    with torch.no_grad():
        model.embedding.weight.fill_(float("nan"))
    sampler.show(4)
    assert len(said) == 1 and said[0].startswith("no sample at step 4: the model's logits are not finite")
    assert model.training
