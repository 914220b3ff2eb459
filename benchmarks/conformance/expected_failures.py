"""A plugin of pytest: the tests of others that fail against this server, and why; `-rxX` prints them.

``NEVER`` is what the server does not do, so a test of that which passes is news (strict). ``MODEL`` is what a model of
a million parameters does not know; a better one may.
"""

import re

import pytest

NOT_STORED = "nothing is stored here: no completions to retrieve, list, change or delete"
NONSENSE = "asks with the placeholders of a specification, which mean nothing: logit_bias of the token 'foo'"

NEVER = (
    (r"chat/test_completions.*test_(method|raw_response|streaming_response)_(retrieve|update|list|delete)", NOT_STORED),
    (r"test_models.*test_(method|raw_response|streaming_response)_delete", "the one model here is not deleted"),
    (r"test_completions.*create_with_all_params", NONSENSE),
)
MODEL = (
    (r"Codeling::test_tool_calling(\[|_async)", "it calls twice where once was meant"),
    (r"Codeling::test_(json_mode|structured_output_optional_param)", "it never ends the string of a joke about cats"),
    (r"Codeling::test_unicode_tool_call_integration", "it knows no Chinese"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        # Not the whole id: it has no path where the environment is behind a symbolic link.
        test = f"{item.path.as_posix()}::{item.nodeid.partition('::')[2]}"
        for reasons, strict in ((NEVER, True), (MODEL, False)):
            for pattern, reason in reasons:
                if re.search(pattern, test):
                    item.add_marker(pytest.mark.xfail(reason=reason, strict=strict))
