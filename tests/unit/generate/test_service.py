"""The engine thread: many callers, bounded, and nothing hangs when something goes wrong."""

import random
import threading
import time

import pytest
from double_models import CONTEXT, VOCABULARY, random_model, random_prompt, random_prompts

from codeling.errors import Failure, UsageError
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.generate.requests import Request
from codeling.generate.service import EngineService, QueueFull, ServiceLimits, kv_bytes_per_token
from codeling.model.transformer import Transformer

TIMEOUT = 60
"""Nothing here takes a second; whoever waits this long waits for ever."""
ENDLESS = Sampling(temperature=0, max_tokens=CONTEXT)


@pytest.fixture(scope="module")
def model() -> Transformer:
    return random_model()


class Gate:
    """Lets a model compute only when it is open, and can make it fail."""

    def __init__(self, model: Transformer, monkeypatch) -> None:
        self.open = threading.Event()
        self.entered = threading.Event()
        self.failure: Exception | None = None
        original = model.hidden

        def hidden(*arguments, **options):
            self.entered.set()
            assert self.open.wait(TIMEOUT)
            if self.failure is not None:
                raise self.failure
            return original(*arguments, **options)

        monkeypatch.setattr(model, "hidden", hidden)


@pytest.fixture
def gate(model, monkeypatch) -> Gate:
    return Gate(model, monkeypatch)


def test_many_threads_get_what_they_would_get_alone(model):
    prompts = random_prompts(24, longest=20)
    requests = [Request(p, Sampling(seed=i, max_tokens=10), range(4)) for i, p in enumerate(prompts)]
    results = {}
    with EngineService(model, ServiceLimits(max_rows=5, kv_bytes=2**22)) as service:

        def ask(index: int) -> None:
            time.sleep(random.random() * 0.05)
            handle = service.submit(requests[index])
            emissions = list(handle)
            ids = [emission.token for emission in emissions if emission.token is not None]
            completion = handle.result(TIMEOUT)
            assert ids == completion.ids
            results[index] = completion

        threads = [threading.Thread(target=ask, args=[index]) for index in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(TIMEOUT)
        stats = service.stats()
    for index, request in enumerate(requests):
        assert results[index] == Engine(model).generate([request.prompt], request.sampling, stop_ids=range(4))[0]
    assert sum(stats.finished.values()) == 24 and stats.active == stats.waiting == 0
    assert stats.prompt_tokens == sum(map(len, prompts)) and stats.steps > 0
    assert stats.generated_tokens == sum(len(one.ids) + (one.stop_id is not None) for one in results.values())


def test_callbacks_come_on_the_engine_thread_in_order(model):
    with EngineService(model) as service:
        seen = []
        handle = service.submit(Request([1], ENDLESS), lambda one: seen.append((one, threading.current_thread().name)))
        completion = handle.result(TIMEOUT)
    assert [one.token for one, _ in seen] == completion.ids and {name for _, name in seen} == {"engine"}
    assert seen[-1][0].finish_reason == "length" and handle.done


def test_a_callback_that_fails_ends_its_own_request_only(model):
    def fail(emission) -> None:
        raise RuntimeError("the event loop is closed")

    with EngineService(model) as service:
        bad = service.submit(Request([1], ENDLESS), fail)
        good = service.submit(Request([2], ENDLESS))
        assert len(good.result(TIMEOUT).ids) == CONTEXT - 1
        assert bad._done.wait(TIMEOUT)
        assert service.is_usable and service.stats().active == 0


def test_cancelled_requests_end_and_free_their_row(model, gate):
    with EngineService(model, ServiceLimits(max_rows=1)) as service:
        first = service.submit(Request([1], ENDLESS))
        assert gate.entered.wait(TIMEOUT)
        second, third = (service.submit(Request([i], Sampling(max_tokens=3))) for i in (2, 3))
        first.cancel()
        second.cancel()
        gate.open.set()
        reasons = [handle.result(TIMEOUT).finish_reason for handle in (first, second, third)]
        assert reasons == ["cancelled", "cancelled", "length"]
        assert len(first.result().ids) <= 2  # those of the step that was under way
        third.cancel()  # too late: nothing happens
        assert third.result().finish_reason == "length"


def test_the_queue_is_bounded(model, gate):
    with EngineService(model, ServiceLimits(max_rows=2, max_waiting=3)) as service:
        running = [service.submit(Request([1], ENDLESS))]
        assert gate.entered.wait(TIMEOUT)
        waiting = [service.submit(Request([i], ENDLESS)) for i in range(2, 5)]
        with pytest.raises(QueueFull, match="3 requests wait"):
            service.submit(Request([9], ENDLESS))
        assert service.stats().waiting == 3
        gate.open.set()
        assert all(len(handle.result(TIMEOUT).ids) == CONTEXT - 1 for handle in running + waiting)
        assert service.submit(Request([9], ENDLESS)).result(TIMEOUT).finish_reason == "length"


def test_a_deadline_ends_a_request(model, gate):
    with EngineService(model, ServiceLimits(max_rows=1)) as service:
        now = time.monotonic()
        handles = [service.submit(Request([i], ENDLESS, deadline_seconds=now + 0.05)) for i in range(2)]
        assert gate.entered.wait(TIMEOUT)
        time.sleep(0.1)
        gate.open.set()
        assert [handle.result(TIMEOUT).finish_reason for handle in handles] == ["deadline", "deadline"]


def test_a_failing_model_fails_those_in_flight_and_no_others(model, gate):
    with EngineService(model, ServiceLimits(max_rows=1)) as service:
        gate.failure = MemoryError("no more")
        handles = [service.submit(Request([i], ENDLESS)) for i in range(3)]
        gate.open.set()
        for handle in handles:
            with pytest.raises(Failure, match=r"MemoryError: no more"):
                list(handle)
            with pytest.raises(Failure, match=r"MemoryError: no more"):
                handle.result(TIMEOUT)
        gate.failure = None
        assert len(service.submit(Request([5], ENDLESS)).result(TIMEOUT).ids) == CONTEXT - 1
        stats = service.stats()
        assert stats.failures >= 1 and stats.finished == {"error": 3, "length": 1}


def test_a_model_that_always_fails_is_given_up(model, gate):
    gate.open.set()
    gate.failure = ValueError("damaged")
    with EngineService(model) as service:
        for _ in range(3):
            with pytest.raises(Failure, match="damaged"):
                service.submit(Request([1], ENDLESS)).result(TIMEOUT)
        assert not service.is_usable
        with pytest.raises(Failure, match=r"the engine has stopped: ValueError: damaged"):
            service.submit(Request([1], ENDLESS))


def test_impossible_requests_are_refused_at_once(model):
    config = model.config
    memory = kv_bytes_per_token(config, 8) * (CONTEXT + 100)
    limits = ServiceLimits(kv_bytes=memory, prefix_share=0.8, step_tokens=8)  # a fifth of 148, less the context
    with pytest.raises(UsageError, match="more memory"):
        EngineService(model, ServiceLimits(kv_bytes=memory // 3))
    with EngineService(model, ServiceLimits(kv_bytes=memory, prefix_share=0.5, step_tokens=8)) as service:
        # 148 tokens: half of them for prefixes, 48 for a prompt in the making, which leaves 26 for rows.
        assert service.submit(Request([1] * 20, Sampling(max_tokens=7))).result(TIMEOUT).finish_reason == "length"
        with pytest.raises(UsageError, match=r"27 tokens.*26"):
            service.submit(Request([1] * 20, Sampling(max_tokens=8)))
        for prompt, message in (([], "empty"), ([VOCABULARY], "vocabulary"), ([1] * CONTEXT, "context")):
            with pytest.raises(UsageError, match=message):
                service.submit(Request(prompt, ENDLESS))
    with pytest.raises(UsageError, match="more memory"):
        EngineService(model, limits)


def test_closing_drains_or_cancels(model, gate):
    service = EngineService(model, ServiceLimits(max_rows=1))
    handles = [service.submit(Request([i], Sampling(max_tokens=4))) for i in range(3)]
    gate.open.set()
    service.close()
    assert [handle.result(0).finish_reason for handle in handles] == ["length"] * 3
    service.close()  # again
    with pytest.raises(Failure, match="shutting down"):
        service.submit(Request([1], ENDLESS))
    assert not service.is_usable

    service = EngineService(model, ServiceLimits(max_rows=1))
    gate.open.clear()
    handles = [service.submit(Request([i], ENDLESS)) for i in range(3)]
    assert gate.entered.wait(TIMEOUT)
    closer = threading.Thread(target=service.close, kwargs={"timeout_seconds": 0.05})
    closer.start()
    time.sleep(0.2)
    gate.open.set()  # the model answers only after the time to drain is over
    closer.join(TIMEOUT)
    assert not closer.is_alive()
    assert [handle.result(0).finish_reason for handle in handles] == ["cancelled"] * 3


def test_closing_from_a_callback_does_not_wait_for_itself(model):
    service = EngineService(model)
    handle = service.submit(Request([1], ENDLESS), lambda emission: service.close(drain=False))
    assert handle.result(TIMEOUT).finish_reason == "cancelled"
    service.close()
    assert not service._thread.is_alive()


def test_an_error_in_the_with_block_does_not_wait_for_completions(model, gate):
    with pytest.raises(KeyError), EngineService(model, ServiceLimits(max_rows=1)) as service:
        handle = service.submit(Request(random_prompt(), ENDLESS))
        assert gate.entered.wait(TIMEOUT)
        gate.open.set()
        raise KeyError
    assert handle.done


def test_nothing_is_lost_under_a_storm_of_cancellations(model):
    rng = random.Random()
    with EngineService(model, ServiceLimits(max_rows=3, max_waiting=1000)) as service:
        handles = []
        for index in range(80):
            handles.append(service.submit(Request(random_prompt(20), Sampling(seed=index, max_tokens=6))))
            if rng.random() < 0.5:
                rng.choice(handles).cancel()
        reasons = [handle.result(TIMEOUT).finish_reason for handle in handles]
        stats = service.stats()
    assert set(reasons) <= {"length", "cancelled"}
    assert sum(stats.finished.values()) == 80 and stats.active == stats.waiting == 0
