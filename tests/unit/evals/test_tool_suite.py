"""The suite from end to end: scripted engines that must score 100 %, tiny checkpoints, the command."""

import dataclasses
import json
import os
import random
import re
from typing import Any

import pytest
import torch

from codeling.chat.conversation import Conversation
from codeling.chat.encode import encode, stop_ids
from codeling.chat.messages import Message
from codeling.checkpoint import Checkpoint, load_model, save_checkpoint
from codeling.cli import run
from codeling.config import to_mapping
from codeling.data.config import ToolDataConfig
from codeling.data.shards import Shard
from codeling.data.tool_answers import answer
from codeling.data.tool_conversations import ToolExample, generate_conversations
from codeling.data.tool_prepare import prepare_tools
from codeling.data.tool_profiles import PROFILES
from codeling.errors import Failure, UsageError
from codeling.evals.config import ToolEvalConfig, VerifyConfig
from codeling.evals.gates import DEFAULTS, check_gates
from codeling.evals.loss import bits_per_byte
from codeling.evals.plots import bar_picture
from codeling.evals.tool_execution import execution_examples, execution_measures, run_conversations, says
from codeling.evals.tool_questions import asked_of, own_questions, questions, suite_seed
from codeling.evals.tool_replies import Replier
from codeling.evals.tool_scores import fits, judge, measures
from codeling.evals.tools import evaluate, profile_of, score_bars, tools_command
from codeling.evals.verify import describe, verify
from codeling.generate.engine import Completion, Emission, Engine
from codeling.tokenizer.bpe import Tokenizer
from codeling.tools.calls import ToolCall
from codeling.tools.schema import Tool

SEED = random.randrange(10**6)
SMALL: dict[str, Any] = {
    "device": "cpu",
    "num_examples": 8,
    "num_executed": 2,
    "max_tokens": 16,
    "samples": 4,
    "seed": SEED,
}


@pytest.fixture(scope="module")
def workspace(small_workspace, tmp_path_factory):
    """The shared workspace, by links, with conversations and a model that has seen a little of them."""
    root = tmp_path_factory.mktemp("tools")
    for path in [path for path in small_workspace.rglob("*") if path.is_file()]:
        (root / path.relative_to(small_workspace)).parent.mkdir(parents=True, exist_ok=True)
        os.link(path, root / path.relative_to(small_workspace))
    sizes: dict[str, Any] = {"num_examples": 80, "val_fraction": 0.15, "num_test_examples": 0, "max_length": 480}
    prepare_tools(ToolDataConfig(**sizes, workers=1, workdir=root))
    loaded = load_model(root / "models" / "code_model_best.pth")
    shard = Shard.open(root / "data" / "processed" / "tool_train.npy")
    tokens = torch.tensor([int(token) for token in shard.tokens[: 64 * 100]])
    tokens = tokens[: len(tokens) // 64 * 64].view(-1, 64)
    optimizer = torch.optim.AdamW(loaded.model.parameters(), lr=1e-3)
    for batch in tokens.split(20) * 4:
        (loaded.model.loss(batch[:, :-1], batch[:, 1:]) / batch[:, 1:].numel()).backward()
        optimizer.step()
        optimizer.zero_grad()
    # With so small a vocabulary, lists of tools are long: most questions fit into this context, and some do not.
    shape = dataclasses.replace(loaded.model.config, max_sequence_length=1500)
    info = {**loaded.info, "stage": "tools", "model": to_mapping(shape), "train": {"sequence_length": 480}}
    made = Checkpoint(info=info, model=loaded.model.state_dict(), tokenizer=loaded.tokenizer.to_json())
    save_checkpoint(root / "models" / "tool_model_best.pth", made)
    return root


@pytest.fixture(scope="module")
def tokenizer(small_workspace) -> Tokenizer:
    return Tokenizer.load(small_workspace / "data" / "tokenizer" / "tokenizer.json")


class ScriptedEngine:
    """Says what ``write(prompt ids)`` returns, whatever the sampling."""

    def __init__(self, tokenizer, write, *, context=100_000):
        self.tokenizer, self.write, self.context = tokenizer, write, context
        self.prompts: list[list[int]] = []

    def generate(self, prompts, sampling, *, stop_ids, grammars):
        assert sampling.temperature == 0 and grammars is None
        self.prompts += prompts
        ids = [self.write(prompt) for prompt in prompts]
        limit = sampling.max_tokens
        return [Completion(one[:limit], "length" if len(one) > limit else "stop") for one in ids]

    def stream(self, prompts, sampling, *, stop_ids, grammars):
        for token in self.write(prompts[0]):
            yield Emission(0, token, None)
        yield Emission(0, None, "stop")


def written(tokenizer, message: Message) -> list[int]:
    """The ids that an assistant writes for ``message``, without the end of the turn."""
    asked = [Message("user", "")]
    prompt = encode(tokenizer, asked, add_generation_prompt=True).ids
    ids = encode(tokenizer, [*asked, message]).ids[len(prompt) :]
    return ids[: ids.index(stop_ids(tokenizer)[0])]


def prompt_of(tokenizer, example: ToolExample) -> tuple[int, ...]:
    """What a model reads before it answers ``example``."""
    asked = asked_of(example)
    return tuple(encode(tokenizer, asked.messages, asked.tools, add_generation_prompt=True).ids)


def test_a_model_that_knows_the_answers_gets_everything(tokenizer):
    examples = questions("test_unseen", count=100, seed=SEED, profile=PROFILES["full"])
    expected = {prompt_of(tokenizer, one): one for one in examples}
    engine = ScriptedEngine(
        tokenizer, lambda prompt: written(tokenizer, expected[tuple(prompt)].conversation.messages[-1])
    )
    replies = Replier(engine, tokenizer, max_tokens=5000).replies(list(map(asked_of, examples)), "free")
    found = measures(map(judge, examples, replies))
    assert {found[name] for name in ("name_share", "exact_share", "reply_share", "irrelevance_share")} == {1}
    # Cut in the middle of a call, it is no call, and not the model's fault.
    short = Replier(engine, tokenizer, max_tokens=9).replies(list(map(asked_of, examples)), "free")
    due = [
        judge(one, reply)
        for one, reply in zip(examples, short, strict=True)
        if one.conversation.messages[-1].tool_calls
    ]
    assert measures(due)["cut_share"] == 1 and measures(due)["name_share"] == 0 and "valid_share" not in measures(due)


def test_a_question_beyond_the_context_is_not_asked(tokenizer):
    examples = questions("test_seen", count=20, seed=SEED, profile=PROFILES["full"])
    lengths = [len(prompt_of(tokenizer, one)) for one in examples]
    context = sorted(lengths)[10]
    engine = ScriptedEngine(tokenizer, lambda prompt: [], context=context)
    replies = Replier(engine, tokenizer, max_tokens=9).replies(list(map(asked_of, examples)), "free")
    assert [reply is None for reply in replies] == [length >= context for length in lengths]
    assert all(len(prompt) < context for prompt in engine.prompts) and None in replies


def answering(tokenizer, examples, *, reads_result: bool):
    """An engine that makes the expected call and then says what came of it, or only that something did."""
    expected = {prompt_of(tokenizer, one): one for one in examples}
    made: list[ToolCall] = []

    def write(prompt: list[int]) -> list[int]:
        if example := expected.get(tuple(prompt)):
            message = example.conversation.messages[-1]
            made.extend(message.tool_calls)
            return written(tokenizer, message)
        *_, result = re.findall(r"<tool_response>\n(.*)\n</tool_response>", tokenizer.decode(prompt))
        # This answer leaves out what the user said: the examples are those of which it holds a value all the same.
        said = answer(random.Random(0), json.loads(result), made[-1].arguments) if reads_result else "\N{SNOWMAN}"
        return tokenizer.encode(said)

    return ScriptedEngine(tokenizer, write)


def test_calls_are_carried_out_and_the_result_is_looked_for_in_the_answer(tokenizer):
    examples = execution_examples("test_seen", count=20, seed=SEED, profile=PROFILES["full"])
    assert len(examples) == 20 and {one.kind for one in examples} <= {"single", "multi_turn"}
    reader = answering(tokenizer, examples, reads_result=True)
    outcomes = run_conversations(reader, tokenizer, examples, max_tokens=500, seed=SEED)
    assert all(outcome.called and outcome.ran for outcome in outcomes)
    found = execution_measures(outcomes)
    assert found == {"executed_call_share": 1, "executed_share": 1, "executed_answer_share": 1}
    assert [message.role for message in outcomes[0].messages[-3:]] == ["assistant", "tool", "assistant"]

    blind = answering(tokenizer, examples, reads_result=False)
    found = execution_measures(run_conversations(blind, tokenizer, examples, max_tokens=500, seed=SEED))
    assert (found["executed_call_share"], found["executed_share"]) == (1, 0)
    assert execution_measures([]) == {}


def test_a_wrong_call_gets_an_error_and_no_point(tokenizer):
    examples = execution_examples("test_unseen", count=3, seed=SEED, profile=PROFILES["full"])
    wrong = written(tokenizer, Message("assistant", "", (ToolCall("no_such_tool", {"a": 1}),)))
    engine = ScriptedEngine(tokenizer, lambda prompt: wrong)
    outcomes = run_conversations(engine, tokenizer, examples, max_tokens=500, seed=SEED)
    assert not any(outcome.called or outcome.ran or outcome.said for outcome in outcomes)
    assert "no tool" in outcomes[0].messages[-1].content


@pytest.mark.parametrize(
    ("text", "result", "said"),
    [
        ("It is 3.", 3, True),
        ("It is 3.5.", 3, False),
        ("It is 13.", 3, False),
        ("It is 3.5.", 3.5, True),
        ("Found a.txt and 2 more.", {"files": ["a.txt", "b.txt", "c.txt"]}, True),
        ("Done.", {"ok": True}, False),
        ("It is in Rome.", {"city": "Rome"}, False),  # the user said so
        ("", {"n": 1}, False),
        ("anything", {"text": ""}, False),
    ],
)
def test_what_counts_as_saying_a_result(text, result, said):
    assert says(text, result, {"city": "Rome"}) is said


def test_the_whole_suite_on_a_tiny_model(workspace, tmp_path):
    config = ToolEvalConfig(**SMALL, workdir=workspace, output=tmp_path / "scores.json")
    scores = evaluate(config)
    saved = json.loads((tmp_path / "scores.json").read_text())
    assert saved["splits"].keys() == {"test_seen", "test_unseen"} and saved["seed"] == SEED
    loaded = load_model(workspace / "models" / "tool_model_best.pth")
    for name, split in saved["splits"].items():
        assert list(split) == ["free", "constrained", "required", "random tool", "first tool"]
        asked = questions(name, count=8, seed=SEED, profile=PROFILES["full"])
        assert split["free"]["questions"] == split["constrained"]["questions"] == len(asked) == 8
        # Calls are required only where the expected reply makes some.
        due = [one for one in asked if one.conversation.messages[-1].tool_calls]
        assert split["required"]["questions"] == len(due)
        shares = [value for way in split.values() for value in way["measures"].values()]
        assert shares and all(0 <= share <= 1 for share in shares)
        assert sum(group["questions"] for group in split["free"]["by_tools"].values()) == 8
        assert "executed_share" in split["free"]["measures"] and "executed_share" not in split["required"]["measures"]
        lengths = [len(prompt_of(loaded.tokenizer, one)) for one in asked]
        too_long = sum(length >= loaded.model.config.max_sequence_length for length in lengths)
        assert split["free"]["measures"]["too_long_share"] == too_long / 8
        # Whatever a model of no skill finishes under a grammar fits.
        assert split["required"]["measures"].get("valid_share", 1) == 1
    assert len(scores.samples) == len(saved["samples"]) == 4 and "Tools: " in saved["samples"][0]["prompt"]
    again = evaluate(config)
    assert again.splits == scores.splits and again.samples == scores.samples
    assert evaluate(dataclasses.replace(config, num_examples=4, seed=SEED + 1)).samples != scores.samples


@pytest.mark.parametrize(("constrained", "modes"), [("off", {"free"}), ("on", {"constrained", "required"})])
def test_constrained_decoding_on_or_off(workspace, tmp_path, constrained, modes, capsys):
    settings: dict[str, Any] = SMALL | {"num_examples": 3, "num_executed": 1}
    tools_command(
        ToolEvalConfig(**settings, constrained=constrained, workdir=workspace, output=tmp_path / "scores.json")
    )
    printed = capsys.readouterr().out
    saved = json.loads((tmp_path / "scores.json").read_text())
    assert set(saved["splits"]["test_seen"]) - {"random tool", "first tool"} == modes
    assert "tools never seen in training" in printed and "offered tools" in printed and "executed" in printed


def test_the_questions_are_those_of_the_training_data_unless_others_are_asked_for(workspace):
    loaded = load_model(workspace / "models" / "tool_model_best.pth")
    trained = dataclasses.replace(loaded, info={**loaded.info, "data": {"profile": "quick"}})
    assert profile_of(trained, asked=None) == "quick" and profile_of(trained, asked="dense") == "dense"
    for data in ({}, {"profile": ""}, {"profile": "of later times"}):
        assert profile_of(dataclasses.replace(loaded, info={"data": data}), asked=None) == "full"


def test_a_model_of_no_skill_calls_rightly_when_it_must(workspace):
    loaded = load_model(workspace / "models" / "tool_model_best.pth")
    count = {"type": "object", "properties": {"n": {"enum": [1, 2]}, "on": {"type": "boolean"}}, "required": ["n"]}
    tools = (Tool("now", "The time"), Tool("count", "Count", count))
    asked = [Conversation((Message("user", f"Count to {i}"),), tools) for i in range(6)]
    replier = Replier(Engine(loaded.model), loaded.tokenizer, max_tokens=150)
    for reply in replier.replies(asked, "required"):
        assert reply is not None and reply.parsed.calls and not reply.malformed and not reply.parsed.content
        assert all(fits(call, tools) for call in reply.parsed.calls)
        assert reply.half_call == bool(reply.parsed.errors) and (reply.cut or not reply.half_call)
    assert replier.replies(asked, "required") != replier.replies(asked, "free")


def test_the_command(workspace, tmp_path, capsys):
    output = tmp_path / "scores.json"
    command = ["eval", "tools", "--workdir", str(workspace), "--output", str(output), "--device", "cpu"]
    assert run([*command, "--num-examples", "4", "--num-executed", "0", "--max-tokens", "8"]) == 0
    assert "random tool" in capsys.readouterr().out and json.loads(output.read_text())["splits"]
    assert run([*command, "--num-examples", "0"]) == 2
    assert "--num-examples 0" in capsys.readouterr().err


def test_without_a_model_it_says_how_to_make_one(tmp_path):
    with pytest.raises(UsageError, match="codeling train --stage tools"):
        evaluate(ToolEvalConfig(workdir=tmp_path))


@pytest.fixture(scope="module")
def verified(workspace, tmp_path_factory):
    output = tmp_path_factory.mktemp("out") / "verify.json"
    small = {"prompts": 2, "samples": 2, "max_tokens": 12, "eval_tokens": 3000, "tool_examples": 9, "device": "cpu"}
    return verify(VerifyConfig(**small, stage="tools", workdir=workspace, output=output)), output


def test_verification_of_the_stage(verified):
    result, output = verified
    assert result.checkpoint.endswith("tool_model_best.pth") and result.baseline.endswith("code_model_best.pth")
    assert {"tool_name_share", "tool_exact_share", "irrelevance_share", "unseen_name_share", "unseen_exact_share",
            "baseline_name_share"} < set(result.measures)  # fmt: skip
    # What it forgot is measured of both; the model before is not asked to call tools.
    assert {"bits_per_byte", "earlier_bits_per_byte", "bash_valid_share", "python_valid_share"} < set(result.before)
    assert "tool_name_share" not in result.before and set(result.before) < set(result.measures)
    assert result.measures["bits_per_byte"] < result.before["bits_per_byte"]
    gates = {gate.measure: gate for gate in result.gates}
    assert gates["tool_name_share"].rule == "at least" and not gates["tool_name_share"].passed
    assert any(gate.rule == "below the baseline's" and gate.passed for gate in result.gates)
    assert sum(sample.language.endswith(" tools") for sample in result.samples) == 4
    assert "MISSED: tool_name_share" in describe(result)
    assert json.loads(output.read_text())["measures"] == result.measures


def test_the_loss_of_conversations_is_taken_one_by_one(workspace):
    """Rows that hold several conversations give the loss that each gives alone."""
    loaded = load_model(workspace / "models" / "tool_model_best.pth")
    shard = Shard.open(workspace / "data" / "processed" / "tool_val.npy")
    sizes = {"tokenizer": loaded.tokenizer, "rows": 2, "max_tokens": 3000}
    assert shard.mask is not None
    measured = bits_per_byte(loaded.model, shard, sequence_length=512, **sizes)
    total, count = 0.0, 0
    with torch.no_grad():
        for start, end in zip(shard.starts, shard.starts[1:], strict=False):
            if count >= measured["tokens"]:
                break
            tokens = torch.tensor([[int(token) for token in shard.tokens[start:end]]])
            mask = torch.tensor([[int(flag) for flag in shard.mask[start:end]]])
            targets = torch.where(mask[:, 1:] == 1, tokens[:, 1:], -100)
            total += float(loaded.model.loss(tokens[:, :-1], targets))
            count += int((targets != -100).sum())
    assert count == measured["tokens"]
    assert measured["val_loss"] == pytest.approx(total / count, rel=1e-3)


def test_gates_of_the_stage():
    good = {"bits_per_byte": 1.0, "tool_name_share": 0.95, "tool_exact_share": 0.8, "irrelevance_share": 0.9,
            "constrained_valid_share": 1.0}  # fmt: skip

    def missed(changes, **options):
        gates = check_gates("tools", VerifyConfig(**options), good | changes, {"bits_per_byte": 2.0})
        return [gate.measure for gate in gates if not gate.passed]

    assert missed({}) == []
    assert missed({}, min_tool_name=0.96) == ["tool_name_share"]
    assert missed({}, min_tool_exact=0.81) == ["tool_exact_share"]
    assert missed({}, min_irrelevance=0.91) == ["irrelevance_share"]
    assert missed({"constrained_valid_share": 0.99}) == ["constrained_valid_share"]
    assert missed({"bits_per_byte": 2.0}) == ["bits_per_byte"]
    assert set(DEFAULTS["tools"]) >= {"min_tool_name", "min_tool_exact", "min_irrelevance"}


def test_scores_as_a_picture(verified):
    bars = score_bars(verified[0].measures)
    assert set(bars) == {"right name", "exact arguments", "rightly no call"}
    assert set(bars["right name"]) == {"seen tools", "unseen tools", "baseline"}
    picture = bar_picture("tools-scores", "Tools", bars)
    svg, png = picture.render()
    assert png.startswith(b"\x89PNG") and "unseen tools" in svg and "exact arguments" in picture.caption
    assert score_bars({}) == {}


def test_the_stream_of_the_suite_is_not_that_of_the_data():
    assert suite_seed(SEED) != SEED and suite_seed(SEED) != suite_seed(SEED + 1)


def test_own_conversations_are_asked(workspace, tmp_path, capsys):
    path = tmp_path / "mine.jsonl"
    examples = list(generate_conversations(seed=SEED, split="train", limit=20))
    lines = [json.dumps(example.conversation.to_openai()) for example in examples]
    path.write_text("\n".join([*lines, "no JSON", '{"messages": []}', ""]))
    due = [m for one in examples for m in one.conversation.messages if m.role == "assistant"]
    found = own_questions(f"openai:{path}", count=10_000, seed=SEED)
    asked = found.examples
    assert found.refused == 2 and found.first_refused.startswith(f"{path}:21: not valid JSON")
    assert sorted(one.conversation.messages[-1].content for one in asked) == sorted(message.content for message in due)
    few = own_questions(f"openai:{path}", count=5, seed=SEED)
    assert few == own_questions(f"openai:{path}", count=5, seed=SEED) and all(one in asked for one in few.examples)

    settings: dict[str, Any] = SMALL | {"num_examples": 5, "num_executed": 3}
    config = ToolEvalConfig(**settings, source=f"openai:{path}", workdir=workspace, output=tmp_path / "scores.json")
    tools_command(config)
    saved = json.loads((tmp_path / "scores.json").read_text())
    assert saved["splits"].keys() == {"own"} and saved["splits"]["own"]["free"]["questions"] == 5
    assert saved["profile"] is None and (saved["executed"], saved["refused_rows"]) == (0, 2)
    printed = capsys.readouterr().out
    assert "replies of your own conversations: 5 questions" in printed and "Refused: 2 rows, the first: " in printed


@pytest.mark.parametrize(
    ("text", "reason"), [('{"messages": []}', "1 rows are refused, the first: .*mine.jsonl:1"), ("", "reply$")]
)
def test_own_conversations_without_a_question_are_an_error(text, reason, tmp_path):
    path = tmp_path / "mine.jsonl"
    path.write_text(text)
    with pytest.raises(Failure, match=f"no conversation in it offers tools .*{reason}"):
        own_questions(f"openai:{path}", count=3, seed=SEED)
    with pytest.raises(UsageError, match="no such file"):
        own_questions(f"openai:{path}x", count=3, seed=SEED)
    with pytest.raises(UsageError, match="without --source"):
        own_questions("synthetic", count=3, seed=SEED)
