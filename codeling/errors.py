"""The two errors a user can cause or meet; everything else is a bug and keeps its traceback.

Messages say value, rule, remedy: what came, what is needed, the command to type.
"""


class UsageError(ValueError):
    """What was asked for cannot be meant: a bad flag, key, path or combination. Exit status 2."""


class Failure(RuntimeError):
    """The request was sound but the work failed: a bad shard, a full disk, a missed gate. Exit status 1."""
