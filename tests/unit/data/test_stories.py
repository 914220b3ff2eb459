"""The story generator: pure, distinct, and grammatical in every way a program can see."""

import random
import re
from itertools import islice

import pytest

from codeling.data.stories import generate_stories, plots, story

SEED = random.randrange(2**32)


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [document.text for document in generate_stories(seed=SEED, limit=6000)]


def test_a_story_depends_on_seed_and_index_only() -> None:
    whole = list(generate_stories(seed=SEED, limit=40))
    assert list(generate_stories(seed=SEED, start=15, limit=25)) == whole[15:]
    assert list(islice(generate_stories(seed=SEED), 40)) == whole
    assert story(SEED, 7) == whole[7].text
    assert [document.text for document in generate_stories(seed=SEED + 1, limit=40)] != [d.text for d in whole]
    assert whole[3].id == f"{SEED}:3"
    assert (whole[3].source, whole[3].language, whole[3].licence) == ("stories", "text", "CC0-1.0")


def test_stories_are_distinct() -> None:
    assert len({document.text for document in generate_stories(seed=SEED, limit=20_000)}) == 20_000


def test_stories_are_not_near_copies_of_each_other() -> None:
    shingles = []
    for document in generate_stories(seed=SEED, limit=400):
        words = document.text.split()
        shingles.append({tuple(words[i : i + 5]) for i in range(len(words) - 4)})
    nearest = sorted(
        max(len(a & b) / len(a | b) for j, b in enumerate(shingles) if j != i) for i, a in enumerate(shingles)
    )
    assert nearest[len(nearest) // 2] < 0.35


def test_there_are_many_plots() -> None:
    assert len(plots()) >= 12


def test_length_and_form(texts: list[str]) -> None:
    for text in texts:
        assert 80 <= len(text.split()) <= 260, text
        assert text.isascii() and not re.search(r"[{}\[\]<>|]", text), text
        assert "  " not in text and not re.search(r" [.,!?\n]|[.,!?]{2}|\n{3}", text), text
        assert text == text.strip()
        for paragraph in text.split("\n\n"):
            assert paragraph.count('"') % 2 == 0, paragraph
            assert re.search(r'[.!?]"?$', paragraph), paragraph
            assert re.match(r'"?[A-Z]', paragraph), paragraph


def test_sentences_start_with_capitals_and_quotes_are_punctuated(texts: list[str]) -> None:
    for text in texts:
        assert not re.search(r"[.!?] [a-z]", text), text
        # Inside quotes and out in turns: a quotation ends in a mark; after a comma the sentence goes on in lower case.
        for paragraph in text.split("\n\n"):
            pieces = paragraph.split('"')
            for i in range(1, len(pieces), 2):
                assert re.search(r"[.,!?]$", pieces[i]), paragraph
                if pieces[i].endswith("."):
                    assert re.match(r" ?$| [A-Z]", pieces[i + 1]), paragraph
                if pieces[i].endswith(","):
                    assert re.match(r" [a-zA-Z]", pieces[i + 1]), paragraph


def test_articles_agree(texts: list[str]) -> None:
    for text in texts:
        assert not re.search(r"\b[Aa] [aeiou](?!ne\b|ni|se)", text), text
        assert not re.search(r"\b[Aa]n [^aeiouAEIOU]", text), text


def test_no_word_twice_in_a_row_and_pronouns_belong_to_someone(texts: list[str]) -> None:
    for text in texts:
        assert not re.search(r"\b(\w+) \1\b", text.replace("that that", "")), text
        # One hero and one grown-up: "his mom" and "her mom" never meet in one story.
        assert not (re.search(r"\b[Hh]is (mom|dad|aunt|uncle|grand\w+)", text) and re.search(
            r"\b[Hh]er (mom|dad|aunt|uncle|grand\w+)", text)), text  # fmt: skip


def test_every_plot_and_choice_occurs(texts: list[str]) -> None:
    def literals(node: list) -> set[str]:
        found = set()
        for part in node:
            if isinstance(part, str):
                found.add(part)
            else:
                for alternative in part:
                    found |= literals(alternative)
        return found

    # Fixed sentences (no slot) of every plot are seen among the stories: no alternative is out of reach.
    joined = "\n".join(texts)
    for name, plot in plots().items():
        fixed = [text.strip() for text in literals(plot) if "{" not in text and len(text.strip()) > 12]
        missing = [
            text for text in fixed if "\n" not in text and text not in joined and text.capitalize() not in joined
        ]
        assert not missing, (name, missing)
