"""JSON as it leaves the server."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

# Made once: json.dumps makes one for every call with options.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def json_bytes(value: Any) -> bytes:
    """Compact UTF-8: editors look for ``"content":"`` without blanks. Half a surrogate pair is escaped."""
    try:
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


class JsonResponse(Response):
    """A whole answer."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return json_bytes(content)
