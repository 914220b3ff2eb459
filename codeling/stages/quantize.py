"""`codeling quantize`: write a checkpoint's weights in fewer bits, and say what that costs in size and quality."""

from __future__ import annotations

from pathlib import Path

from codeling.checkpoint import Checkpoint, LoadedModel, load_model, save_checkpoint
from codeling.config import require_numbers
from codeling.data.shards import Shard, require_tokenizer
from codeling.errors import UsageError
from codeling.evals.loss import bits_per_byte
from codeling.evals.verify import SHARDS
from codeling.model.quantized import WeightFormat, quantize_matrices
from codeling.runtime.paths import Workspace
from codeling.stages.complete import find_checkpoint
from codeling.stages.quantize_config import QuantizeConfig

_FORMATS: dict[int, WeightFormat] = {8: "int8", 16: "float16"}


def quantize(config: QuantizeConfig) -> None:
    """Write ``output`` and print sizes and bits per byte before and after."""
    require_numbers(config, "eval_tokens", at_least=2)
    if config.bits not in _FORMATS:
        raise UsageError(f"--bits {config.bits}: must be 8 or 16")
    kind = _FORMATS[config.bits]
    workspace = Workspace(config.workdir)
    path = find_checkpoint(config.checkpoint, workspace)
    output = config.output or path.with_name(f"{path.stem}_{kind}.pth")
    if output.suffix != ".pth" or output.resolve() == path.resolve():
        raise UsageError(f"--output {output}: give another name than the checkpoint's, ending in .pth")
    loaded = load_model(path)
    if loaded.info.get("weights"):
        raise UsageError(f"{path}: is quantized already")
    shard = _shard(config, workspace, loaded)
    before = None if shard is None else _measure(loaded, shard, config)
    quantize_matrices(loaded.model, kind)
    info = loaded.info | {"weights": kind, "quantized_from": path.name}
    output.parent.mkdir(parents=True, exist_ok=True)
    save_checkpoint(output, Checkpoint(info, loaded.model.state_dict(), loaded.tokenizer.to_json()))
    print(f"{path}: {_size(path)}, {output}: {_size(output)}")
    if shard is None or before is None:
        print("quality not measured: no validation shard here; name one with --val-file")
        return
    after = _measure(load_model(output), shard, config)
    print(f"bits per byte on {shard.name}: {before:.4f} before, {after:.4f} after ({after / before - 1:+.2%})")


def _shard(config: QuantizeConfig, workspace: Workspace, loaded: LoadedModel) -> Shard | None:
    """The shard that was asked for, or the stage's own where there is one."""
    name = config.val_file or SHARDS.get(loaded.info.get("stage", ""))
    if config.val_file is None and (name is None or not (workspace.processed / name).exists()):
        return None
    assert name is not None
    shard = Shard.open(workspace.find(name, workspace.processed, remedy="codeling data --help"))
    require_tokenizer(shard, loaded.tokenizer.content_hash)
    return shard


def _measure(loaded: LoadedModel, shard: Shard, config: QuantizeConfig) -> float:
    length = min(512, loaded.model.config.max_sequence_length)
    measured = bits_per_byte(
        loaded.model, shard, tokenizer=loaded.tokenizer, sequence_length=length, max_tokens=config.eval_tokens
    )
    return measured["bits_per_byte"]


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 2**20:.1f} MiB"
