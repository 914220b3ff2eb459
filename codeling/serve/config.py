"""What `codeling serve` is asked to do, and what it lets a client ask for; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from codeling.config import require_numbers
from codeling.errors import UsageError

_LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class ServeConfig:
    """Options of `codeling serve`: an HTTP server that OpenAI's clients, editors and a browser can talk to."""

    checkpoint: Path | None = None
    """Checkpoint to serve; default: the most advanced one in models/."""
    host: str = "127.0.0.1"
    """Address to listen on; one that other machines can reach needs a key (--api-key-file)."""
    port: int = 8080
    """Port to listen on; 0 takes a free one and says which."""
    api_key_file: Path | None = None
    """File whose first line is the key that every request must carry."""
    api_key: str = ""
    """The key itself. Others here can read a command line: better set CODELING_SERVE_API_KEY, or give a file."""
    model_name: str = ""
    """Name of the model in the API; default: the checkpoint's name."""
    model_aliases: tuple[str, ...] = ("codeling", "default")
    """Further names under which clients may ask for it, for those that insist on one."""
    allowed_hosts: tuple[str, ...] = ()
    """Further names under which browsers and clients reach this server, such as the one of a proxy in front of it."""
    cache_gigabytes: float = 2.0
    """Memory for the keys and values of running requests and of prompts seen before."""
    max_batch: int = 32
    """Completions computed together; more wait in the queue."""
    max_queue: int = 256
    """Completions that may wait; beyond it a request gets status 429 and is told when to come again."""
    max_connections: int = 1000
    """Connections at the same time; more get status 503."""
    max_body_bytes: int = 1_000_000
    """Bytes of a request's body at most."""
    max_tokens: int = 4096
    """Tokens of one completion at most; the model's context may end it earlier."""
    timeout_seconds: float = 300.0
    """Time that a request may take; then its completion ends where it is, as at a limit of tokens."""
    read_timeout_seconds: float = 30.0
    """Time that a client may take to send a request."""
    drain_seconds: float = 30.0
    """On SIGTERM or Ctrl-C, time that running requests get to finish; a second Ctrl-C ends them at once."""
    temperature: float = 0.7
    """Where a request does not say; 0 is greedy. Gaps in code are filled greedily unless the request says otherwise."""
    access_log: bool = True
    """A line per request on standard error: method, path, status, times and counts; never the text."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    workdir: Path = Path()
    """Folder that holds models/."""

    def check(self) -> None:
        """UsageError for a value that cannot be meant."""
        require_numbers(self, "port", at_least=0, at_most=65535)
        require_numbers(self, "max_batch", "max_queue", "max_tokens", "max_connections", at_least=1)
        require_numbers(self, "max_body_bytes", at_least=1000)
        require_numbers(self, "timeout_seconds", "read_timeout_seconds", at_least=0.1)
        require_numbers(self, "cache_gigabytes", above=0)
        require_numbers(self, "drain_seconds", "temperature", at_least=0)

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in _LOCAL_HOSTS

    def key(self) -> str:
        """The key that requests must carry, "" for none; UsageError where one is needed and there is none."""
        key = self.api_key
        if self.api_key_file is not None:
            try:
                lines = self.api_key_file.read_text(encoding="utf-8").splitlines()
            except (OSError, UnicodeDecodeError) as error:
                raise UsageError(f"--api-key-file {self.api_key_file}: cannot be read: {error}") from None
            key = lines[0].strip() if lines else ""
            if not key:
                raise UsageError(f"--api-key-file {self.api_key_file}: its first line is empty; write a key into it")
        if not key and not self.is_local:
            raise UsageError(
                f"--host {self.host}: other machines could use the model; give a key with --api-key-file FILE "
                f"(make one: openssl rand -hex 32 > FILE), or stay on 127.0.0.1"
            )
        if key and not (key.isascii() and key.isprintable() and " " not in key):
            raise UsageError("the API key must be printable ASCII without blanks, so that it fits into a header")
        return key
