"""What to copy into editors and clients so that they talk to this server."""

from __future__ import annotations

import json

from codeling.serve.model import ServedModel


def client_settings(model: ServedModel, *, url: str, needs_key: bool) -> str:
    """Settings for curl, OpenAI's client, Continue, llama.vim, llama.vscode and Zed, ready to paste.

    ``url`` without a path, such as http://127.0.0.1:8080. A key is never printed; YOUR_KEY stands for it.
    """
    key = "YOUR_KEY" if needs_key else "none"
    header = "" if not needs_key else " -H 'Authorization: Bearer YOUR_KEY'"
    sections = [
        ("curl", _curl(model, url, header)),
        ("Python (pip install openai)", _python(model, url, key)),
        ("Continue, ~/.continue/config.yaml", _continue(model, url, key)),
        ("llama.vim, ~/.vimrc", _vim(url, key if needs_key else "")),
        ("llama.vscode, settings.json", _vscode(url, key if needs_key else "")),
        ("Zed, settings.json", _zed(model, url)),
    ]
    return "\n\n".join(f"# {title}\n{text}" for title, text in sections)


def _curl(model: ServedModel, url: str, header: str) -> str:
    if model.can_chat:
        body = {"model": model.name, "messages": [{"role": "user", "content": "Hello!"}], "max_tokens": 64}
        path = "/v1/chat/completions"
    else:
        body = {"model": model.name, "prompt": "Once upon a time", "max_tokens": 64}
        path = "/v1/completions"
    return f"curl {url}{path}{header} -H 'Content-Type: application/json' \\\n  -d '{json.dumps(body)}'"


def _python(model: ServedModel, url: str, key: str) -> str:
    return (
        f"from openai import OpenAI\n"
        f'client = OpenAI(base_url="{url}/v1", api_key="{key}")\n'
        f'print(client.completions.create(model="{model.name}", prompt="def add(a, b):\\n    ", '
        f'suffix="\\n", max_tokens=32).choices[0].text)'
    )


def _continue(model: ServedModel, url: str, key: str) -> str:
    roles = "[chat, autocomplete]" if model.can_chat else "[autocomplete]"
    # Continue cuts the prompt to what it believes to be the context.
    return (
        f"models:\n"
        f"  - name: {model.name}\n"
        f"    provider: openai\n"
        f"    model: {model.name}\n"
        f"    apiBase: {url}/v1\n"
        f"    apiKey: {key}\n"
        f"    useLegacyCompletionsEndpoint: true\n"
        f"    roles: {roles}\n"
        f"    defaultCompletionOptions:\n"
        f"      contextLength: {model.context}\n"
        f"      maxTokens: {model.context // 4}\n"
        f"    autocompleteOptions:\n"
        f"      maxPromptTokens: {model.context // 2}\n"
        f'      template: "<|fim_prefix|>{{{{{{prefix}}}}}}<|fim_suffix|>{{{{{{suffix}}}}}}<|fim_middle|>"'
    )


def _vim(url: str, key: str) -> str:
    api_key = f", 'api_key': '{key}'" if key else ""
    # No pieces of other files: the model reads one file at a time.
    return f"let g:llama_config = {{'endpoint': '{url}/infill', 'ring_n_chunks': 0{api_key}}}"


def _vscode(url: str, key: str) -> str:
    settings = {"llama-vscode.endpoint": url, "llama-vscode.ring_n_chunks": 0}
    return json.dumps(settings | ({"llama-vscode.api_key": key} if key else {}), indent=2)


def _zed(model: ServedModel, url: str) -> str:
    settings = {
        "edit_predictions": {
            "provider": "open_ai_compatible_api",
            "open_ai_compatible_api": {
                "api_url": f"{url}/v1/completions",
                "model": model.name,
                "prompt_format": "qwen",
                "max_output_tokens": 64,
            },
        },
        "language_models": {
            "openai_compatible": {
                "Codeling": {
                    "api_url": f"{url}/v1",
                    "available_models": [
                        {
                            "name": model.name,
                            "max_tokens": model.context,
                            "max_output_tokens": model.context // 4,
                            "capabilities": {"tools": model.can_chat, "images": False},
                        }
                    ],
                }
            }
        },
    }
    return json.dumps(settings, indent=2)
