"""The same requests to `codeling serve` and to llama.cpp's server on our export of the same model, at temperature 0:

    CODELING_CHECKPOINT=FILE python llama_cpp_twin.py URL

compared are ids, texts, finish reasons and usage; of `/infill` the prompt too. Exports in F32, where the two differ by
rounding alone; a text may part where two tokens were as likely.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from codeling.export.llama_cpp import running

CONTEXT = 1024
PROMPTS = (
    "# Count the lines of app.log\n", "def mean(values):\n", "Once upon a time", "import os\n\n\ndef main", "ls -l | ",
    "for name in *.txt; do\n", "class Point:\n    def __init__(self, x, y):\n", "# Größe der Dateien, ß und 😀\n",
)  # fmt: skip
GAPS = (
    ("def mean(values):\n", "\n    return total / len(values)\n", ""),
    ("def add(a, b):\n    return ", "\n\nprint(add(1, 2))\n", ""),
    ("x = [", "]\n", "1"),
    ("", "\nprint(x)\n", ""),
    ("find . -name '*.log' ", "", ""),
)
CONVERSATIONS = (
    [{"role": "user", "content": "What is the weather in Rome?"}],
    [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello!"}],
    [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "Bye"}],
)


def requests() -> list[tuple[str, dict[str, Any]]]:
    """Every request: the path and the body."""
    asked: list[tuple[str, dict[str, Any]]] = []
    for prompt in PROMPTS:
        asked.append(("/tokenize", {"content": prompt}))
        asked.append(("/completion", {"prompt": prompt, "n_predict": 24, "return_tokens": True}))
        for more in ({"max_tokens": 24}, {"max_tokens": 4}, {"max_tokens": 24, "stop": ["\n"]}):
            asked.append(("/v1/completions", {"prompt": prompt} | more))
    for prefix, suffix, begun in GAPS:
        body = {"input_prefix": prefix, "input_suffix": suffix, "prompt": begun, "n_predict": 24}
        asked.append(("/infill", body | {"return_tokens": True}))
    for messages in CONVERSATIONS:
        asked.append(("/apply-template", {"messages": messages}))
        asked.append(("/v1/chat/completions", {"messages": messages, "max_tokens": 24}))
    return [(path, body | {"temperature": 0, "cache_prompt": False}) for path, body in asked]


def ask(address: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(address + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)


def compared(path: str, answer: dict[str, Any]) -> dict[str, Any]:
    """What the two must agree in."""
    if path in ("/tokenize", "/apply-template"):
        return answer
    if path.startswith("/v1/"):
        (choice,) = answer["choices"]
        text = choice["text"] if "text" in choice else choice["message"]["content"]
        usage = answer["usage"]
        found = {"text": text, "finish": choice["finish_reason"], "prompt tokens": usage["prompt_tokens"]}
        return found | {"completion tokens": usage["completion_tokens"]}
    names = ("content", "tokens", "stop_type", "tokens_evaluated", "tokens_predicted")
    return {name: answer[name] for name in names} | ({"prompt": answer["prompt"]} if path == "/infill" else {})


def main() -> int:
    url, checkpoint = sys.argv[1], os.environ["CODELING_CHECKPOINT"]
    counts: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "twin.gguf"
        export = [sys.executable, "-m", "codeling", "export", "gguf", "--checkpoint", checkpoint]
        subprocess.run([*export, "--quantization", "F32", "--out", str(file)], check=True, stdout=subprocess.DEVNULL)
        with running(file, context=CONTEXT, threads=1) as twin:
            for path, body in requests():
                ours, theirs = (compared(path, ask(at, path, body)) for at in (url, twin.address))
                counts.setdefault(path, [0, 0])[ours == theirs] += 1
                if ours != theirs:
                    print(f"{path} {json.dumps(body)}")
                    for name in ours:
                        if ours[name] != theirs.get(name):
                            print(f"    {name}: ours {ours[name]!r}, llama.cpp {theirs.get(name)!r}")
    for path, (different, same) in counts.items():
        print(f"{path}: {same} of {same + different} agree")
    return 0 if not any(different for different, _ in counts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
