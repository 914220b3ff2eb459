"""The Ollama folder: a GGUF file and the Modelfile that says how to prompt it.

    ollama create NAME -f FOLDER/Modelfile

Ollama does not read the Jinja template of the GGUF; its own templates are Go's. Prompts differ from ours where those
cannot say it: JSON has no blanks after commas and colons and escapes ``<``, ``>`` and ``&``, and all system messages
become one.
Source: https://github.com/ollama/ollama/blob/main/docs/modelfile.md and docs/template.md there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from codeling.checkpoint import LoadedModel
from codeling.export.card import chats, fills_in, model_card
from codeling.export.config import Quantization
from codeling.export.gguf_file import write_gguf
from codeling.runtime.files import atomic_folder, write_text
from codeling.tokenizer.special import END_OF_TEXT, FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX, IM_END

WEIGHTS = "model.gguf"
FILES = frozenset({WEIGHTS, "Modelfile", "README.md"})
"""Everything that the folder holds."""

_FIM = f"{{{{- if .Suffix }}}}{FIM_PREFIX}{{{{ .Prompt }}}}{FIM_SUFFIX}{{{{ .Suffix }}}}{FIM_MIDDLE}\n{{{{- else"
_CHAT = """\
if .Messages }}
{{- if or .System .Tools }}<|im_start|>system
{{ .System }}
{{- if .Tools }}
{{- if .System }}
{{ end }}<tools>
{{ range .Tools }}{"name": {{ json .Function.Name }}, "description": {{ json .Function.Description }}, \
"parameters": {{ .Function.Parameters }}}
{{ end }}</tools>
{{- end }}<|im_end|>
{{ end }}
{{- $previous := "" }}
{{- range $i, $message := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 }}
{{- if and (eq $previous "tool") (ne .Role "tool") }}<|im_end|>
{{ end }}
{{- if eq .Role "tool" }}
{{- if ne $previous "tool" }}<|im_start|>user{{ end }}
<tool_response>
{{ .Content }}
</tool_response>
{{- if $last }}<|im_end|>
{{ end }}
{{- else if eq .Role "assistant" }}<|im_start|>assistant
{{ .Content }}
{{- range $call, $_ := .ToolCalls }}
{{- if or $call $message.Content }}
{{ end }}<tool_call>
{"name": {{ json .Function.Name }}, "arguments": {{ .Function.Arguments }}}
</tool_call>
{{- end }}
{{- if not $last }}<|im_end|>
{{ end }}
{{- else if eq .Role "user" }}<|im_start|>user
{{ .Content }}<|im_end|>
{{ end }}
{{- if and $last (ne .Role "assistant") }}<|im_start|>assistant
{{ end }}
{{- $previous = .Role }}
{{- end }}
{{- else }}"""


def write_ollama(
    loaded: LoadedModel, folder: Path, *, name: str, quantization: Quantization, temperature: float
) -> None:
    """Write the export of ``loaded`` to ``folder``, whole or not at all; one that is there is replaced."""
    with atomic_folder(folder) as temporary:
        write_gguf(loaded, temporary / WEIGHTS, name=name, quantization=quantization)
        write_text(temporary / "Modelfile", modelfile(loaded, temperature=temperature))
        write_text(temporary / "README.md", model_card(loaded, name=name))


def modelfile(loaded: LoadedModel, *, temperature: float) -> str:
    """The text of the Modelfile."""
    return (
        f"FROM ./{WEIGHTS}\n\n"
        f'TEMPLATE """{template(loaded.info)}"""\n\n'
        f"PARAMETER temperature {temperature:g}\n"
        f"PARAMETER num_ctx {loaded.model.config.max_sequence_length}\n"
        f"PARAMETER stop {IM_END}\n"
        f"PARAMETER stop {END_OF_TEXT}\n"
    )


def template(info: Mapping[str, Any]) -> str:
    """Ollama's template for what the model has learned; from it Ollama also reads what the model can do."""
    if not fills_in(info):
        return "{{ .Prompt }}"
    if not chats(info):
        return f"{_FIM} }}}}{{{{ .Prompt }}}}{{{{ end }}}}"
    return f"{_FIM} {_CHAT}{{{{ .Prompt }}}}\n{{{{- end }}}}"
