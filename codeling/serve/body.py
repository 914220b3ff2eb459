"""Reading a request's body: bounded in bytes and in time, and JSON as its standard says."""

from __future__ import annotations

from typing import Any

import anyio
from starlette.requests import Request

from codeling.serve.errors import ApiError, invalid
from codeling.tools.call_block import parse_json


async def read_json(request: Request, *, max_bytes: int, timeout_seconds: float) -> Any:
    """The decoded body; ApiError 413 as soon as it is too large, 408 when it does not come, 400 when it is not JSON.

    A body that announces its length is refused before it is read. Never more than ``max_bytes`` are kept.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > max_bytes:
        raise _too_large(max_bytes)
    data = bytearray()
    try:
        with anyio.fail_after(timeout_seconds):
            async for chunk in request.stream():
                data += chunk
                if len(data) > max_bytes:
                    raise _too_large(max_bytes)
    except TimeoutError:
        raise ApiError(
            408, f"the body did not come within {timeout_seconds:g} seconds", headers={"Connection": "close"}
        ) from None
    try:
        return parse_json(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise invalid(f"the body is not UTF-8: {error.reason} at byte {error.start}", code="invalid_json") from None
    except ValueError as error:
        raise invalid(f"the body is not JSON: {error}", code="invalid_json") from None


def _too_large(max_bytes: int) -> ApiError:
    # The rest of the body is not read, so the connection cannot be used again.
    return ApiError(
        413, f"the body is larger than {max_bytes:,} bytes", code="body_too_large", headers={"Connection": "close"}
    )
