"""In which order the policy is asked: a pure function of the seed and the iteration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from codeling.rlhf.rollout import Query
from codeling.runtime.seeds import generator


class QueryOrder:
    """Passes over the queries, each in an order of its own that depends on the seed and the pass alone."""

    def __init__(self, queries: Sequence[Query], *, per_batch: int, samples: int, seed: int) -> None:
        self._queries = queries
        self._per_batch = per_batch
        self._samples = samples
        self._seed = seed

    def iterations(self, epochs: int) -> int:
        """Batches until every query was asked ``epochs`` times."""
        return -(-epochs * len(self._queries) // self._per_batch)

    def batch(self, iteration: int) -> list[tuple[Query, int]]:
        """(query, number of the sample) for the whole batch; the samples of a place are neighbours.

        A query that comes twice in one batch, at the seam of two passes, gets further samples instead of the same.
        """
        requests: list[tuple[Query, int]] = []
        times: Counter[int] = Counter()
        first = iteration * self._per_batch
        orders: dict[int, list[int]] = {}
        for place in range(first, first + self._per_batch):
            epoch, position = divmod(place, len(self._queries))
            if epoch not in orders:
                orders[epoch] = generator(self._seed, "queries", epoch).permutation(len(self._queries)).tolist()
            index = orders[epoch][position]
            offset = times[index] * self._samples
            times[index] += 1
            requests += [(self._queries[index], offset + sample) for sample in range(self._samples)]
        return requests
