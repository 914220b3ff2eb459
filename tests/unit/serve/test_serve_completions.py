"""/v1/completions, llama.cpp's, Mistral's and the plain endpoint."""

import json

import pytest

from codeling.serve.text_prompts import gap_prompt, text_prompt

PATH = "/v1/completions"


def whole(served, **body) -> dict:
    status, _, answer = served.post(PATH, {"prompt": "echo", "max_tokens": 12, "seed": 5} | body)
    assert status == 200, answer
    return answer


def endless(served) -> dict:
    """A bias under which nothing that could end a completion is drawn."""
    return {str(token): -100 for token in served.backend.model.text_stop_ids}


def test_every_form_of_a_prompt(served):
    ids = served.backend.model.tokenizer.encode("echo hello")
    text = whole(served, prompt="echo hello")["choices"][0]["text"]
    assert whole(served, prompt=ids)["choices"][0]["text"] == text
    for many in (["echo hello", "ls"], [ids, served.backend.model.tokenizer.encode("ls")]):
        answer = whole(served, prompt=many, n=2)
        assert [choice["index"] for choice in answer["choices"]] == [0, 1, 2, 3]
        assert answer["choices"][0]["text"] == text
        assert answer["usage"]["prompt_tokens"] == sum(
            len(one) if isinstance(one, list) else len(served.backend.model.tokenizer.encode(one)) for one in many
        )
    assert whole(served, prompt="")["choices"] and whole(served, prompt=None)["choices"]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"n": 2}, {"echo": True}, {"prompt": ["a", "b"], "n": 2, "echo": True}, {"max_tokens": 0, "echo": True},
        {"stop": "e"}, {"suffix": "\ndone"}, {"logprobs": 2}, {"echo": True, "logprobs": 1, "n": 2},
        {"max_tokens": 0, "echo": True, "logprobs": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_stream_says_what_the_whole_answer_says(served, body):
    answer = whole(served, **body)
    given = {"prompt": "echo", "max_tokens": 12, "seed": 5, "stream_options": {"include_usage": True}} | body
    events = served.events(PATH, given)
    assert events[-1]["choices"] == []
    for name in ("prompt_tokens", "completion_tokens", "total_tokens"):
        assert events[-1]["usage"][name] == answer["usage"][name]
    texts, reasons = {}, {}
    for event in events[:-1]:
        assert event["object"] == "text_completion"
        (piece,) = event["choices"]
        texts[piece["index"]] = texts.get(piece["index"], "") + piece["text"]
        if piece["finish_reason"]:
            reasons.setdefault(piece["index"], []).append(piece["finish_reason"])
    assert [texts[index] for index in sorted(texts)] == [choice["text"] for choice in answer["choices"]]
    assert [reasons[index] for index in sorted(reasons)] == [[one["finish_reason"]] for one in answer["choices"]]


def test_logprobs_are_those_of_the_text(served):
    answer = whole(served, logprobs=3, temperature=1, max_tokens=20, logit_bias=endless(served))
    (choice,) = answer["choices"]
    told = choice["logprobs"]
    assert "".join(told["tokens"]) == choice["text"]
    assert len(told["tokens"]) == answer["usage"]["completion_tokens"]
    assert all(logprob < 0 for logprob in told["token_logprobs"])
    assert [len(top) for top in told["top_logprobs"]] == [3] * len(told["tokens"])
    for logprob, top in zip(told["token_logprobs"], told["top_logprobs"], strict=True):
        assert logprob <= max(top.values()) + 1e-6
    ends = [at + len(token) for at, token in zip(told["text_offset"], told["tokens"], strict=True)]
    assert told["text_offset"][0] == 0 and ends[:-1] == told["text_offset"][1:]
    greedy = whole(served, logprobs=1, temperature=0)["choices"][0]["logprobs"]
    assert [max(top, key=top.get) for top in greedy["top_logprobs"]] == greedy["tokens"]


def test_the_best_of_several_is_the_likeliest_per_token(served):
    body = {"temperature": 1.5, "max_tokens": 8, "logprobs": 0, "logit_bias": endless(served)}
    all_of_them = whole(served, n=6, **body)["choices"]

    def mean(choice: dict) -> float:
        return sum(choice["logprobs"]["token_logprobs"]) / len(choice["logprobs"]["token_logprobs"])

    likeliest = sorted(all_of_them, key=mean, reverse=True)
    best = whole(served, n=2, best_of=6, **body)
    assert [choice["text"] for choice in best["choices"]] == [choice["text"] for choice in likeliest[:2]]
    assert [choice["index"] for choice in best["choices"]] == [0, 1]


def test_biases_and_penalties_change_what_is_drawn(served):
    tokenizer = served.backend.model.tokenizer
    (letter,) = tokenizer.encode("x")
    forced = whole(served, logit_bias={str(letter): 100}, temperature=0, max_tokens=6)["choices"][0]["text"]
    assert forced == "xxxxxx"
    other = whole(served, logit_bias={str(letter): 1}, temperature=0, frequency_penalty=2, presence_penalty=2,
                  max_tokens=30)["choices"][0]["text"]  # fmt: skip
    assert len(set(tokenizer.encode(other))) > 5
    assert served.post(PATH, {"prompt": "x", "logit_bias": {"99999": 1}})[0] == 400


def test_echo_begins_with_the_prompt(served):
    plain, echoed = whole(served)["choices"][0]["text"], whole(served, echo=True)["choices"][0]["text"]
    assert echoed == "echo" + plain


def test_echo_with_logprobs_scores_the_prompt(served):
    """As lm-evaluation-harness asks: it adds up all but the last of what follows the context, and takes a place for
    greedy when the prompt's number is exactly the largest one there."""
    model = served.backend.model
    prompt, (letter,) = model.tokenizer.encode("echo hello world"), model.tokenizer.encode("x")
    score = {"echo": True, "logprobs": 1, "temperature": 0, "max_tokens": 1}
    forced = whole(served, prompt=prompt, logit_bias={str(letter): 100}, temperature=0, max_tokens=5, logprobs=1)
    told = whole(served, prompt=prompt + [letter] * 5, **score)["choices"][0]["logprobs"]
    assert len(told["tokens"]) == len(told["token_logprobs"]) == len(prompt) + 5 + 1
    assert told["token_logprobs"][0] is None and told["top_logprobs"][0] is None
    assert "".join(told["tokens"]).startswith("echo hello worldxxxxx")
    assert told["text_offset"][-2] == len("echo hello worldxxxx")
    expected = forced["choices"][0]["logprobs"]
    assert told["token_logprobs"][-6:-1] == pytest.approx(expected["token_logprobs"], abs=1e-4)
    likeliest = [max(top.values()) for top in told["top_logprobs"][1:]]
    assert likeliest[-6:-1] == pytest.approx([max(top.values()) for top in expected["top_logprobs"]], abs=1e-4)
    # A prompt that is what the model itself would have said.
    (next_token,) = [max(top, key=top.get) for top in told["top_logprobs"][-1:]]
    ids = [*prompt, *[letter] * 5, *model.tokenizer.encode(next_token)]
    if len(ids) == len(prompt) + 6:
        again = whole(served, prompt=ids, **score)["choices"][0]["logprobs"]
        assert again["token_logprobs"][-2] == max(again["top_logprobs"][-2].values())
    # What ends the completion counts, so that the last one is never the prompt's; with max_tokens 0 there is none.
    end = {str(model.tokenizer.end_of_text): 100}
    ended = whole(served, prompt=prompt, logit_bias=end, **score)
    assert ended["choices"][0]["logprobs"]["tokens"][-1] == "<|endoftext|>"
    assert ended["choices"][0]["text"] == "echo hello world" and ended["usage"]["completion_tokens"] == 1
    only = whole(served, prompt=[prompt, prompt[:2]], **score | {"max_tokens": 0})
    assert [len(one["logprobs"]["tokens"]) for one in only["choices"]] == [len(prompt), 2]
    assert only["usage"]["completion_tokens"] == 0 and only["choices"][0]["finish_reason"] == "length"
    assert served.post(PATH, {"prompt": "x", "suffix": "y"} | score)[0] == 400
    many = {"prompt": [[5] * 400] * 64, "logprobs": 20}
    assert served.post(PATH, score | many)[2]["error"]["param"] == "logprobs"


def test_a_suffix_and_the_markers_of_editors_ask_for_the_middle(served):
    model = served.backend.model
    expected = gap_prompt("a = ", "\nb", model)
    assert text_prompt("a = ", "\nb", model) == expected
    assert text_prompt("<|fim_prefix|>a = <|fim_suffix|>\nb<|fim_middle|>", "", model) == expected
    assert text_prompt("<fim_prefix>a = <fim_suffix>\nb<fim_middle>", "", model) == expected
    # Anything but the whole form is plain text: nobody can write a special token.
    special = {model.tokenizer.token_id(name) for name in ("<|fim_prefix|>", "<|fim_middle|>", "<|im_start|>")}
    for text in ("x<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>", "<|im_start|>system", "<|fim_prefix|>a"):
        assert not special & set(text_prompt(text, "", model))
    assert whole(served, prompt="a = ", suffix="\nb")["usage"]["prompt_tokens"] == len(expected)


def test_a_gap_is_cut_far_from_the_cursor(served):
    model = served.backend.model
    before, after = [f"line{i} " * 3 for i in range(50)], [f"tail{i} " * 3 for i in range(50)]
    for room in (5, 20, 100):
        cut = gap_prompt("".join(before), "".join(after), model, room=room, line="go")
        assert len(cut) <= room
        text = model.tokenizer.decode(cut)
        prefix, _, rest = text.removeprefix("<|fim_prefix|>").partition("<|fim_suffix|>")
        suffix, _, middle = rest.partition("<|fim_middle|>")
        assert "".join([*before, "go"]).endswith(prefix) and "".join(after).startswith(suffix) and middle == ""
    whole_text = gap_prompt("short", "".join(after), model, room=200)
    assert model.tokenizer.decode(whole_text).startswith("<|fim_prefix|>short<|fim_suffix|>")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"prompt": ["x"] * 65}, "prompt"),
        ({"prompt": ["x"] * 10, "n": 8}, "n"),
        ({"prompt": [10**9]}, None),
        ({"prompt": [-1]}, "prompt"),
        ({"prompt": {"a": 1}}, "prompt"),
        ({"prompt": "word " * 10_000}, "prompt"),
        ({"best_of": 2, "n": 3}, "best_of"),
        ({"best_of": 3, "stream": True}, "best_of"),
        ({"best_of": 10**6}, "best_of"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"logprobs": 100}, "logprobs"),
        ({"suffix": 3}, "suffix"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_cannot_be_meant_is_a_400(served, body, param):
    status, _, answer = served.post(PATH, {"prompt": "x"} | body)
    assert status == 400 and answer["error"]["param"] == param, answer


def test_infill_is_what_editors_expect(served):
    body = {"input_prefix": "def f(", "input_suffix": "\n", "input_extra": [{"filename": "a.py", "text": "x"}],
            "prompt": "x", "n_predict": 8, "stop": [], "t_max_predict_ms": 500, "samplers": ["top_k"],
            "cache_prompt": True, "n_indent": 0}  # fmt: skip
    status, _, answer = served.post("/infill", body)
    assert status == 200 and answer["tokens_predicted"] <= 8 and answer["timings"]["predicted_n"] <= 8
    assert answer["prompt"] == "<|fim_prefix|>def f(x<|fim_suffix|>\n<|fim_middle|>" and not answer["truncated"]
    fields = ["content", "timings/prompt_n", "truncated", "nothing/here"]
    selected = served.post("/infill", body | {"response_fields": fields})[2]
    assert selected == {
        "content": answer["content"], "timings/prompt_n": answer["timings"]["prompt_n"], "truncated": False,
    }  # fmt: skip
    assert (
        answer["tokens"] == []
        and len(served.post("/infill", body | {"return_tokens": True})[2]["tokens"]) == (answer["tokens_predicted"])
    )
    warm = served.post("/infill", body | {"n_predict": 0})[2]
    assert warm["content"] == "" and warm["tokens_predicted"] == 0


def test_infill_is_compact_json_and_says_when_it_cut(served):
    import urllib.request

    body = json.dumps({"input_prefix": "x = 1\n" * 2000, "input_suffix": "y = 2\n" * 2000, "n_predict": 4}).encode()
    request = urllib.request.Request(f"{served.url}/infill", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as response:
        raw = response.read()
    assert raw.startswith(b'{"content":"')
    answer = json.loads(raw)
    assert answer["truncated"] and answer["tokens_evaluated"] < 512


def test_llama_cpps_stream_ends_with_a_whole_answer(served):
    status, _, text = served.post("/completion", {"prompt": "echo", "n_predict": 6, "seed": 2, "stream": True})
    assert status == 200
    events = [json.loads(line.removeprefix("data: ")) for line in text.split("\n\n") if line]
    assert [event["stop"] for event in events] == [False] * (len(events) - 1) + [True]
    whole_answer = served.post("/completion", {"prompt": "echo", "n_predict": 6, "seed": 2})[2]
    assert "".join(event["content"] for event in events) == whole_answer["content"]
    assert whole_answer["stop_type"] in ("limit", "eos")


def test_tokens_there_and_back(served):
    text = "naïve 😀 <|im_end|>"
    tokens = served.post("/tokenize", {"content": text})[2]["tokens"]
    assert served.post("/detokenize", {"tokens": tokens})[2] == {"content": text}
    special = served.backend.model.tokenizer.token_id("<|im_end|>")
    assert special not in tokens
    assert served.post("/tokenize", {"content": text, "parse_special": True})[2]["tokens"][-1] == special
    pieces = served.post("/tokenize", {"content": text, "with_pieces": True})[2]["tokens"]
    joined = b"".join(bytes(p) if isinstance(p, list) else p.encode() for p in (one["piece"] for one in pieces))
    assert joined.decode() == text
    assert served.post("/detokenize", {"tokens": [10**6]})[0] == 400


def test_the_template_is_shown(served):
    prompt = served.post("/apply-template", {"messages": [{"role": "user", "content": "Hi"}]})[2]["prompt"]
    assert prompt == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"


def test_mistrals_shape(served):
    body = {"prompt": "def f(", "suffix": "\n", "max_tokens": 5}
    _, _, answer = served.post("/v1/fim/completions", body)
    events = served.events("/v1/fim/completions", body)
    text = "".join(event["choices"][0]["delta"].get("content", "") for event in events)
    assert text == answer["choices"][0]["message"]["content"]
    assert events[-1]["choices"][0]["finish_reason"] == answer["choices"][0]["finish_reason"]
    assert events[-1]["usage"]["total_tokens"] == answer["usage"]["total_tokens"]


def test_the_plain_endpoint(served):
    _, _, answer = served.post("/generate", {"prompt": "echo", "max_tokens": 6, "seed": 4, "temperature": 1})
    assert answer["completion_tokens"] <= 6
    assert answer["text"] == served.post("/generate", {"prompt": "echo", "max_tokens": 6, "seed": 4,
                                                       "temperature": 1})[2]["text"]  # fmt: skip
    assert served.post("/generate", {"max_tokens": 6})[2]["error"]["param"] == "prompt"
