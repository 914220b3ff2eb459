"""What a model is asked in verification: fixed, seeded, and not taken from its training data."""

from __future__ import annotations

from codeling.data.bash_tasks import BashTask, bash_task
from codeling.runtime.seeds import generator

# No training set is generated with this seed, so that the tasks' words are drawn anew.
_HELD_OUT_SEED = 20_261_122

STORY_OPENINGS = (
    "Once upon a time, there was a little girl named Lily.",
    "Once upon a time, in a big forest, there lived a",
    "One day, a boy named Tom went to the park with his",
    "There was a small dog who loved to",
    "The sun was shining and the children",
    "Ben had a red ball. He",
    '"Can you help me?" asked the',
    "A little bird sat in a tree. It was sad because",
    "Mia and her mom were baking a cake when",
    "Long ago, there was a kind old man who",
    "It was a cold night. The kitten",
    "Sam found a shiny key under",
    "The rabbit and the fox were",
    "Anna wanted to build a",
    "One morning, the farmer saw that",
    "In a village by the sea, a young",
)

PYTHON_HEADS = (
    "def add(a, b):\n",
    "def is_even(number):\n",
    "def factorial(n):\n",
    "def read_lines(path):\n",
    "def reverse_string(text):\n",
    "def count_words(text):\n",
    "def mean(values):\n",
    "def load_json(path):\n",
    "def max_value(values):\n",
    "def fibonacci(n):\n",
    "def write_file(path, content):\n",
    "def flatten(items):\n",
    "def is_palindrome(text):\n",
    "def get_extension(filename):\n",
    "def merge_dicts(first, second):\n",
    "def parse_args(argv=None):\n",
    "def remove_duplicates(items):\n",
    "def to_celsius(fahrenheit):\n",
    "class Stack:\n    def __init__(self):\n",
    "class Point:\n    def __init__(self, x, y):\n",
    'def clamp(value, low, high):\n    """Return value limited to the range from low to high."""\n',
    'def chunks(items, size):\n    """Split items into lists of at most size elements."""\n',
    'def file_size(path):\n    """Return the size of a file in bytes."""\n',
    'def find_files(folder, extension):\n    """Return the paths of all files with this extension."""\n',
)


def story_prompts(count: int, seed: int) -> list[str]:
    """``count`` openings, all different ones first, in an order that follows from the seed."""
    return _cycle(STORY_OPENINGS, count, seed)


def python_prompts(count: int, seed: int) -> list[str]:
    """``count`` heads of functions and methods."""
    return _cycle(PYTHON_HEADS, count, seed)


def bash_prompts(count: int, seed: int) -> list[tuple[str, BashTask]]:
    """``count`` (prompt, task) of the generator ``bash-tasks``, from a stream that is not trained on.

    The prompt is the task's text up to its instruction; a good completion is ``task.command``.
    """
    tasks = [bash_task(_HELD_OUT_SEED + seed, index) for index in range(count)]
    return [
        (f"{'#!/bin/bash' + chr(10) if task.kind == 'script' else ''}# {task.instruction}\n", task) for task in tasks
    ]


def _cycle(choices: tuple[str, ...], count: int, seed: int) -> list[str]:
    order = generator(seed, "prompts", choices[0]).permutation(len(choices))
    return [choices[int(order[number % len(choices)])] for number in range(count)]
