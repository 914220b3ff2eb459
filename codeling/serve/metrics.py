"""What a server counts, in the text format of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/).

One registry per server, so that two in one process (in tests) do not add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from codeling.generate.service import Stats

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
_TOKEN_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)


class Metrics:
    """The numbers; ``render`` is the page."""

    content_type = "text/plain; version=0.0.4; charset=utf-8"

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "codeling_requests", "Requests answered.", ["method", "path", "status"], registry=registry
        )
        self.in_flight = Gauge("codeling_requests_in_flight", "Requests being answered.", registry=registry)
        self.request_seconds = Histogram(
            "codeling_request_duration_seconds", "From the request's head to the end of its answer.", ["path"],
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self.active_completions = Gauge(
            "codeling_active_completions", "Completions that wait or are being made.", registry=registry
        )
        self.first_token_seconds = Histogram(
            "codeling_time_to_first_token_seconds", "From queueing a completion to its first token.",
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self.inter_token_seconds = Histogram(
            "codeling_inter_token_seconds", "Between two tokens of a completion.",
            buckets=_TOKEN_SECONDS, registry=registry,
        )  # fmt: skip
        self.rejected = Counter(
            "codeling_rejected_requests", "Requests refused because too many waited.", registry=registry
        )

    def watch(self, stats: Callable[[], Stats]) -> None:
        """Add the engine's own numbers, asked for whenever the page is read."""
        self._registry.register(_Engine(stats))

    def render(self) -> bytes:
        return generate_latest(self._registry)


class _Engine(Collector):
    def __init__(self, stats: Callable[[], Stats]) -> None:
        self._stats = stats

    def collect(self) -> Iterator[Metric]:
        stats = self._stats()
        gauges = {
            "codeling_queue_depth": ("Completions that wait for a row.", stats.waiting),
            "codeling_rows_in_use": ("Completions being computed.", stats.active),
            "codeling_rows": ("Completions that can be computed together.", stats.max_rows),
            "codeling_prefix_cache_tokens": ("Tokens in the prefix cache.", stats.prefix_tokens),
        }
        counters = {
            "codeling_prompt_tokens": ("Tokens of prompts.", stats.prompt_tokens),
            "codeling_cached_prompt_tokens": ("Tokens of prompts found in the prefix cache.", stats.cached_tokens),
            "codeling_generated_tokens": ("Tokens generated.", stats.generated_tokens),
            "codeling_engine_steps": ("Steps of the model.", stats.steps),
            "codeling_engine_step_seconds": ("Time spent in steps.", stats.step_seconds),
            "codeling_engine_failures": ("Exceptions out of the model.", stats.failures),
        }
        for name, (description, value) in gauges.items():
            yield GaugeMetricFamily(name, description, value=value)
        for name, (description, value) in counters.items():
            yield CounterMetricFamily(name, description, value=value)
