# ruff: noqa: E501  (each line is one entry of a table)
"""Text given in the request: counting, changing, comparing and extracting, all really computed."""

from __future__ import annotations

import difflib
import re
import string
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, choice, fields, flag, integer, lines, listing, text

_DOMAIN = "text"
_SENTENCE = values.mixed(values.sentence, values.sentence, values.phrase)
_CASES = ("upper", "lower", "title", "snake", "kebab")
_KNOWN = {word.lower() for word in (*values.ADJECTIVES, *values.NOUNS, *values.VERBS, *values.DETERMINERS)}
_GREETINGS = {
    "english": ("My name is {} and this is {}", "Where is the house of {} and {}?", "{} would like to eat with {}"),
    "german": ("Ich heiße {} und das ist {}", "Wo ist das Haus von {} und {}?", "{} möchte mit {} essen"),
    "french": ("Je m'appelle {} et voici {}", "Où est la maison de {} et {} ?", "{} voudrait manger avec {}"),
    "spanish": ("Me llamo {} y esta es {}", "¿Dónde está la casa de {} y {}?", "{} quiere comer con {}"),
    "italian": ("Mi chiamo {} e questa è {}", "Dove si trova la casa di {} e {}?", "{} vorrebbe mangiare con {}"),
    "dutch": ("Ik heet {} en dit is {}", "Waar is het huis van {} en {}?", "{} wil graag met {} eten"),
}
_STOP = ("the", "a", "my", "our", "your", "every", "one", "and", "of")


def _case(a: dict[str, Any], random: Random) -> Any:
    words = a["text"].split()
    changed = {
        "upper": a["text"].upper(),
        "lower": a["text"].lower(),
        "title": a["text"].title(),
        "snake": "_".join(words).lower(),
        "kebab": "-".join(words).lower(),
    }
    return {"text": changed[a["case"]]}


def _two_sentences(random: Random) -> str:
    return f"{values.sentence(random)}. {values.sentence(random)}"


def _with_emails(random: Random) -> str:
    return f"Write to {values.email(random)} or to {values.email(random)}"


def _with_urls(random: Random) -> str:
    return f"See {values.url(random)} and {values.url(random)}"


def _with_numbers(random: Random) -> str:
    return f"{random.randint(2, 900)} {values.plural(values.noun(random))} and {random.randint(2, 900)} {values.plural(values.noun(random))}"


def _accented(random: Random) -> str:
    letters = {"a": "á", "e": "é", "o": "ö", "u": "ü", "n": "ñ", "c": "ç"}
    return "".join(letters.get(c, c) if random.random() < 0.7 else c for c in values.phrase(random))


def _spaced(random: Random) -> str:
    return "".join(values.word(random) + " " * random.randint(1, 4) for _ in range(4)).strip()


def _camel(random: Random) -> str:
    return "".join(values.noun(random).title() for _ in range(3))


def _word_pair(random: Random) -> str:
    return random.choice((values.noun, values.first_name, values.identifier))(random)


def _sentence_counts(a: dict[str, Any], random: Random) -> Any:
    return {"sentences": len([part for part in re.split(r"[.!?]+", a["text"]) if part.strip()])}


def _frequent(a: dict[str, Any], random: Random) -> Any:
    counts = Counter(a["text"].lower().split())
    return {"words": [{"word": word, "count": count} for word, count in counts.most_common(a["count"])]}


def _words(random: Random) -> str:
    pool = [values.noun(random) for _ in range(3)]
    return " ".join(random.choice(pool) for _ in range(random.randint(6, 9)))


def _keywords(a: dict[str, Any], random: Random) -> Any:
    words = [word.strip(".").lower() for word in a["text"].split()]
    return {"keywords": list(dict.fromkeys(word for word in words if word not in _STOP))[: a["count"] or 5]}


def _sorted_words(a: dict[str, Any], random: Random) -> Any:
    return {"words": sorted(a["words"], reverse=bool(a["descending"]))}


def _censored(a: dict[str, Any], random: Random) -> Any:
    return {"text": re.sub(re.escape(a["word"]), a["mask"] * len(a["word"]), a["text"], flags=re.IGNORECASE)}


def _truncated(a: dict[str, Any], random: Random) -> Any:
    cut = a["text"][: a["length"]]
    return {"text": cut + "..." if a["ellipsis"] and cut != a["text"] else cut}


def _padded(a: dict[str, Any], random: Random) -> Any:
    pad = {"left": a["text"].rjust, "right": a["text"].ljust, "both": a["text"].center}[a["side"] or "right"]
    return {"text": pad(a["width"])}


def _word_of_text(name: str) -> Callable[[dict[str, Any], Random], dict[str, Any]]:
    """Make the argument ``name`` one of the words of the text, as it nearly always is when people ask."""

    def relate(a: dict[str, Any], random: Random) -> dict[str, Any]:
        return {**a, name: random.choice([word for word in a["text"].split() if word.lower() not in _STOP])}

    return relate


def _foreign(random: Random) -> str:
    language = random.choice(tuple(_GREETINGS))
    return random.choice(_GREETINGS[language]).format(values.first_name(random), values.first_name(random))


def _language(a: dict[str, Any], random: Random) -> Any:
    """The language whose sentences share most words with the text."""
    said = set(a["text"].lower().split())
    return {
        "language": max(
            _GREETINGS, key=lambda language: len(said & set(" ".join(_GREETINGS[language]).lower().split()))
        )
    }


def _misspelled(random: Random) -> str:
    words = values.sentence(random).split()
    if random.random() < 0.6:
        index = random.randrange(2, len(words))
        place = random.randrange(len(words[index]))
        words[index] = words[index][:place] + random.choice(string.ascii_lowercase) + words[index][place:]
    return " ".join(words)


def _mistakes(a: dict[str, Any], random: Random) -> Any:
    return {"mistakes": [word for word in a["text"].split() if word.lower() not in _KNOWN]}


def _similarity(a: dict[str, Any], random: Random) -> Any:
    return {"similarity": round(difflib.SequenceMatcher(None, a["first"], a["second"]).ratio(), 3)}


def _edit_distance(a: dict[str, Any], random: Random) -> Any:
    row = list(range(len(a["second"]) + 1))
    for i, left in enumerate(a["first"], 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(a["second"], 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return {"distance": row[-1]}


def _no_accents(a: dict[str, Any], random: Random) -> Any:
    return {"text": "".join(c for c in unicodedata.normalize("NFKD", a["text"]) if not unicodedata.combining(c))}


def _slugged(a: dict[str, Any], random: Random) -> Any:
    return {"slug": (a["separator"] or "-").join(re.findall(r"[a-z0-9]+", a["text"].lower()))}


def _filled(a: dict[str, Any], random: Random) -> Any:
    return {"text": re.sub(r"<(\w+)>", lambda match: a["fields"].get(match[1], match[0]), a["template"])}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("count_words", _DOMAIN, "Count the words of a text",
        (text("text", _SENTENCE, names=("input",)),),
        lines("""
            How many words are in "{text}"?
            Count the words in "{text}"
            Word count of "{text}"?
            What is the number of words in "{text}"?
            "{text}" - how many words is that?
            Please count how many words "{text}" has
            words in: "{text}"
            Tell me how many words this has: "{text}"
            I wrote "{text}". How many words are those?
        """), lambda a, r: {"words": len(a["text"].split())}, names=("word_counter", "get_word_count")),
    FunctionSpec("count_characters", _DOMAIN, "Count the characters of a text",
        (text("text", _SENTENCE, names=("input",)), flag("spaces", "with spaces", "without spaces", names=("include_spaces",))),
        lines("""
            How many characters are in "{text}"[, {spaces}]?
            Count the characters of "{text}"[ {spaces}]
            How long is the text "{text}" in characters[, {spaces}]?
            Character count of "{text}"[ {spaces}]
            chars in "{text}"[, {spaces}]
            What is the length of "{text}" in characters[, {spaces}]?
            Please count the letters and signs in "{text}"[ {spaces}]
            Tell me how many characters "{text}" has[, {spaces}]
            Does "{text}" fit in a tweet? Count its characters[ {spaces}]
        """), lambda a, r: {"characters": len(a["text"].replace(" ", "") if a["spaces"] is False else a["text"])},
        names=("character_count", "text_length")),
    FunctionSpec("count_sentences", _DOMAIN, "Count the sentences of a text",
        (text("text", _two_sentences, names=("input",)),),
        lines("""
            How many sentences are in "{text}"?
            Count the sentences in "{text}"
            Number of sentences in "{text}"?
            Please count how many sentences "{text}" has
            sentence count: "{text}"
            Tell me the number of sentences here: "{text}"
            What is the sentence count of "{text}"?
            I wrote "{text}". How many sentences is it?
            "{text}" - how many sentences do you see?
        """), _sentence_counts, names=("sentence_counter",)),
    FunctionSpec("count_occurrences", _DOMAIN, "Count how often a word occurs in a text",
        (text("word", values.noun, names=("query",)), text("text", _words, names=("input",))),
        lines("""
            How often does {word} occur in "{text}"?
            Count the word {word} in "{text}"
            How many times is {word} in "{text}"?
            Number of times {word} appears in "{text}"?
            In "{text}", count every {word}
            Please count all occurrences of {word} in "{text}"
            occurrences of {word} in "{text}"
            How many {word} do you find in the text "{text}"?
            Tell me how frequently the text "{text}" says {word}
        """), lambda a, r: {"count": a["text"].split().count(a["word"])}, names=("count_matches", "occurrence_count"), relate=_word_of_text("word")),
    FunctionSpec("most_frequent_words", _DOMAIN, "Find the most frequent words of a text",
        (text("text", _words, names=("input",)), integer("count", values.whole(2, 5), names=("top",))),
        lines("""
            What are the {count} most frequent words in "{text}"?
            Find the {count} most common words of "{text}"
            Top {count} words in "{text}"
            Which {count} words are used most in "{text}"?
            List the {count} most used words in "{text}"
            Give me the {count} words that "{text}" repeats most
            most common {count} words: "{text}"
            In "{text}", which {count} words show up most often?
            Rank the words of "{text}" by how often they come, top {count}
        """), _frequent, names=("word_frequency", "top_words")),
    FunctionSpec("change_case", _DOMAIN, "Change the case of a text",
        (text("text", _SENTENCE, names=("input",)), choice("case", _CASES, names=("style",))),
        lines("""
            Convert "{text}" to {case} case
            Write "{text}" in {case} case
            Change "{text}" to {case} case
            Make "{text}" {case} case
            {case} case for "{text}" please
            Can you put "{text}" in {case} case?
            I need "{text}" in {case} case
            Turn the text "{text}" into {case} case
            How does "{text}" look in {case} case?
        """), _case, names=("convert_case", "set_letter_case")),
    FunctionSpec("reverse_text", _DOMAIN, "Reverse a text",
        (text("text", _SENTENCE, names=("input",)), choice("by", ("characters", "words"), required=False, default="characters")),
        lines("""
            Reverse "{text}"[ by {by}]
            Write "{text}" backwards[ by {by}]
            What is "{text}" in reverse[, by {by}]?
            Turn "{text}" around[, by {by}]
            reverse: "{text}"[ by {by}]
            Please flip the text "{text}"[ by {by}]
            Can you reverse the string "{text}"[ by {by}]?
            How does "{text}" read backwards[ by {by}]?
            I want to see "{text}" the other way round[, by {by}]
        """), lambda a, r: {"text": " ".join(a["text"].split()[::-1]) if a["by"] == "words" else a["text"][::-1]},
        names=("flip_text", "reverse_string")),
    FunctionSpec("replace_text", _DOMAIN, "Replace a word in a text",
        (text("text", values.sentence, names=("input",)), text("old", values.noun, names=("search",)), text("new", values.noun, names=("replacement",))),
        lines("""
            In the text "{text}", replace {old} with {new}
            Replace {old} by {new} in "{text}"
            Change the word {old} to {new} in "{text}"
            Take "{text}" and put {new} instead of {old}
            Substitute {new} for {old} in the sentence "{text}"
            Please swap the word {old} for {new}: "{text}"
            "{text}" - {old} should become {new}
            Rewrite "{text}" with {new} where it says {old}
            What does "{text}" become if {old} is replaced by {new}?
        """), lambda a, r: {"text": a["text"].replace(a["old"], a["new"])}, names=("substitute_text", "swap_word"), relate=_word_of_text("old")),
    FunctionSpec("remove_word", _DOMAIN, "Remove a word from a text",
        (text("text", values.sentence, names=("input",)), text("word", values.mixed(values.noun, values.one_of(values.ADJECTIVES)))),
        lines("""
            Remove the word {word} from "{text}"
            Delete {word} in the text "{text}"
            Take the word {word} out of "{text}"
            "{text}" without the word {word} please
            Drop every {word} from the sentence "{text}"
            Can you strike {word} from "{text}"?
            I want "{text}" without {word}
            Leave out the word {word}: "{text}"
            Cut {word} from this sentence: "{text}"
        """), lambda a, r: {"text": " ".join(word for word in a["text"].split() if word != a["word"])}, names=("strip_word", "drop_word"), relate=_word_of_text("word")),
    FunctionSpec("censor_word", _DOMAIN, "Mask a word in a text",
        (text("text", values.sentence, names=("input",)), text("word", values.noun),
         text("mask", values.one_of("*#x-_"), required=False, default="*")),
        lines("""
            Censor the word {word} in "{text}"[ with {mask}]
            Mask {word} in the text "{text}"[ using {mask}]
            Hide the word {word} in "{text}"[ behind {mask}]
            Please black out {word} in "{text}"[ with {mask}]
            In "{text}", censor {word}[ with {mask}]
            Can you bleep the word {word} in "{text}"[ using {mask}]?
            Nobody should read {word} in "{text}", mask it[ with {mask}]
            Redact {word} from "{text}"[ with {mask}]
            The word {word} must be censored[ by {mask}] here: "{text}"
        """), _censored, names=("mask_word", "redact_word"), relate=_word_of_text("word")),
    FunctionSpec("truncate_text", _DOMAIN, "Cut a text to a length",
        (text("text", values.sentence, names=("input",)), integer("length", values.whole(3, 40), "characters to keep", names=("limit",)),
         flag("ellipsis", "with dots at the end", "without dots at the end")),
        lines("""
            Cut "{text}" to {length} characters[, {ellipsis}]
            Truncate "{text}" after {length} characters[ {ellipsis}]
            Shorten "{text}" to {length} characters[, {ellipsis}]
            Keep only {length} characters of "{text}"[, {ellipsis}]
            Please trim "{text}" to a length of {length}[ {ellipsis}]
            Limit "{text}" to {length} chars[, {ellipsis}]
            Make "{text}" at most {length} characters long[, {ellipsis}]
            "{text}" is too long, cut it at {length} characters[ {ellipsis}]
            Only the initial {length} characters of "{text}" please[, {ellipsis}]
        """), _truncated, names=("shorten_text", "limit_text")),
    FunctionSpec("pad_text", _DOMAIN, "Pad a text with spaces to a width",
        (text("text", values.mixed(values.word, values.identifier), names=("input",)), integer("width", values.whole(20, 120), names=("length",)),
         choice("side", ("left", "right", "both"), required=False, default="right")),
        lines("""
            Pad "{text}" to a width of {width}[ on the {side} side]
            Pad the text "{text}" with spaces to {width} characters[, side {side}]
            Make "{text}" {width} wide by padding[, side {side}]
            Fill up "{text}" with spaces to width {width}[, padding {side}]
            pad "{text}" width {width}[ side {side}]
            Please add spaces to "{text}" until it is {width} wide[, side: {side}]
            I need "{text}" padded to {width} characters[, side {side}]
            Add padding to "{text}", total width {width}[, on side {side}]
            Stretch "{text}" with spaces up to {width} characters[ (side {side})]
        """), _padded, names=("add_padding",)),
    FunctionSpec("repeat_text", _DOMAIN, "Repeat a text several times",
        (text("text", values.mixed(values.word, values.phrase), names=("input",)), integer("times", values.whole(2, 30), names=("count",)),
         text("separator", values.one_of((", ", " - ", "; ", " | ", "/")), required=False, default=" ", say=lambda value: f'"{value}"')),
        lines("""
            Repeat "{text}" {times} times[ with {separator} between]
            Write "{text}" {times} times[, separated by {separator}]
            Say "{text}" {times} times over[, joined by {separator}]
            "{text}" x {times}[, separator {separator}]
            Please print "{text}" {times} times in a row[ with {separator} in between]
            I want "{text}" repeated {times} times[, divided by {separator}]
            Can you write down "{text}" {times} times[ using the separator {separator}]?
            Multiply the text "{text}" by {times}[, put {separator} between]
            Copy "{text}" until it is there {times} times[, split by {separator}]
        """), lambda a, r: {"text": (a["separator"] or " ").join([a["text"]] * min(a["times"], 6))}, names=("duplicate_text",)),
    FunctionSpec("wrap_text", _DOMAIN, "Wrap a text into lines",
        (text("text", _two_sentences, names=("input",)), integer("width", values.whole(12, 80), names=("columns",))),
        lines("""
            Wrap "{text}" at {width} columns
            Break "{text}" into lines of {width} characters
            Wrap the text "{text}" to a width of {width}
            Please fold "{text}" so that no line is longer than {width}
            word wrap "{text}" at {width}
            Put line breaks in "{text}", {width} characters per line
            Fit "{text}" into lines at most {width} wide
            Reflow "{text}" for a screen of {width} columns
            I need "{text}" wrapped, {width} columns
        """), lambda a, r: {"lines": textwrap.wrap(a["text"], a["width"])}, names=("word_wrap", "break_lines")),
    FunctionSpec("make_slug", _DOMAIN, "Make a URL slug from a title",
        (text("text", values.sentence, names=("title",)), choice("separator", ("-", "_"), say=str, required=False, default="-")),
        lines("""
            Make a slug of "{text}"[ with {separator}]
            Slugify "{text}"[ with {separator}]
            What would the slug for "{text}" be[, using {separator}]?
            Turn the title "{text}" into a URL slug[ with the separator {separator}]
            slug: "{text}"[ separator {separator}]
            I need a URL slug for my post "{text}"[, words joined by {separator}]
            Create a slug from the headline "{text}"[ with {separator} between words]
            My article is called "{text}", give me its slug[ with {separator}]
            Build the slug part of the link for "{text}"[, separator {separator}]
        """), _slugged, names=("slugify", "create_slug")),
    FunctionSpec("split_text", _DOMAIN, "Split a text at a separator",
        (text("text", lambda r: r.choice((",", ";", "|", ":")).join(values.noun(r) for _ in range(4)), names=("input",)),
         text("separator", values.one_of((",", ";", "|", ":")), names=("delimiter",))),
        lines("""
            Split "{text}" at "{separator}"
            Split the string "{text}" by "{separator}"
            Cut "{text}" at every "{separator}"
            Separate "{text}" on "{separator}"
            split "{text}" with delimiter "{separator}"
            Make a list from "{text}", the separator is "{separator}"
            Which parts does "{text}" have when divided by "{separator}"?
            Divide the text "{text}" wherever there is a "{separator}"
            Break up "{text}" using "{separator}" as delimiter
        """), lambda a, r: {"parts": a["text"].split(a["separator"])}, names=("split_string",),
        relate=lambda a, r: {**a, "separator": next(c for c in ",;|:" if c in a["text"])}),
    FunctionSpec("join_words", _DOMAIN, "Join words to one text",
        (listing("words", values.word, 2, 5, names=("items",)), text("separator", values.one_of(("-", "+", "|", "/", ";", "_")), names=("delimiter",))),
        lines("""
            Join the words {words} with "{separator}"
            Connect {words} using "{separator}"
            Put "{separator}" between {words}
            Glue {words} together with "{separator}"
            join {words} by "{separator}"
            Make one string of {words}, separated by "{separator}"
            Please string together {words} with a "{separator}" in between
            What are {words} joined by "{separator}"?
            I want {words} in one text, "{separator}" between them
        """), lambda a, r: {"text": a["separator"].join(a["words"])}, names=("concatenate_words", "join_strings")),
    FunctionSpec("sort_words", _DOMAIN, "Sort words by alphabet",
        (listing("words", values.noun, 3, 6, names=("items",)), flag("descending", "in descending order", "in ascending order")),
        lines("""
            Sort {words} alphabetically[ {descending}]
            Put the words {words} in alphabetical order[, {descending}]
            Order {words} by alphabet[, {descending}]
            Alphabetize {words}[ {descending}]
            Please sort these words: {words}[, {descending}]
            Which comes first by alphabet? Sort {words}[ {descending}]
            sort words {words}[ {descending}]
            I need {words} sorted from the alphabet[, {descending}]
            Arrange {words} alphabetically[, {descending}]
        """), _sorted_words, names=("alphabetize", "order_words")),
    FunctionSpec("remove_duplicate_words", _DOMAIN, "Remove repeated words from a text",
        (text("text", _words, names=("input",)),),
        lines("""
            Remove the repeated words from "{text}"
            Delete duplicate words in "{text}"
            Keep each word of "{text}" only once
            Clean "{text}" of words that repeat
            dedupe the words of "{text}"
            "{text}" has words twice, remove the repeats
            Please drop the duplicate words in the text "{text}"
            Strip all repetitions of words from "{text}"
            I only want the distinct words of "{text}"
        """), lambda a, r: {"text": " ".join(dict.fromkeys(a["text"].split()))}, names=("unique_words", "dedupe_words")),
    FunctionSpec("normalize_spaces", _DOMAIN, "Reduce repeated spaces in a text to one",
        (text("text", _spaced, names=("input",)),),
        lines("""
            Remove the extra spaces from "{text}"
            Clean up the spaces in "{text}"
            Normalize the whitespace of "{text}"
            "{text}" has too many spaces, fix it
            Collapse the spaces in "{text}"
            squeeze spaces: "{text}"
            Please leave just one space between the words of "{text}"
            Tidy the spacing of "{text}"
            Reduce all the gaps in "{text}" to single spaces
        """), lambda a, r: {"text": " ".join(a["text"].split())}, names=("collapse_spaces", "clean_whitespace")),
    FunctionSpec("remove_accents", _DOMAIN, "Remove accents from letters",
        (text("text", _accented, names=("input",)),),
        lines("""
            Remove the accents from "{text}"
            Write "{text}" without accents
            Strip the accents of "{text}"
            Convert "{text}" to plain letters without accents
            no accents: "{text}"
            Please replace the accented letters in "{text}"
            I can't type accents, give me "{text}" without them
            Turn the accented text "{text}" into plain ASCII
            How is "{text}" written if accents are left out?
        """), _no_accents, names=("strip_accents", "unaccent")),
    FunctionSpec("split_camel_case", _DOMAIN, "Split a camel case name into words",
        (text("name", _camel, names=("identifier",)),),
        lines("""
            Split the camel case name {name} into words
            Which words are in {name}?
            Break the identifier {name} into its words
            Turn {name} from camel case into separate words
            camel case split: {name}
            Make {name} readable by separating its words
            Please put spaces between the words of {name}
            {name} is camel case, what words is it made of?
            Take apart the camel-cased {name}
        """), lambda a, r: {"words": re.findall(r"[A-Z][a-z]*", a["name"])}, names=("camel_to_words",)),
    FunctionSpec("extract_emails", _DOMAIN, "Find the e-mail addresses in a text",
        (text("text", _with_emails, names=("input",)),),
        lines("""
            Find the email addresses in "{text}"
            Extract all emails from "{text}"
            Which e-mail addresses does "{text}" contain?
            Get the email addresses out of "{text}"
            emails in: "{text}"
            Please list the emails in the text "{text}"
            I need every email address from "{text}"
            Pull the e-mails from this: "{text}"
            Look through "{text}" for email addresses
        """), lambda a, r: {"emails": re.findall(r"[\w.]+@[\w.]+\w", a["text"])}, names=("find_emails", "get_email_addresses")),
    FunctionSpec("extract_urls", _DOMAIN, "Find the links in a text",
        (text("text", _with_urls, names=("input",)),),
        lines("""
            Find the links in "{text}"
            Extract all URLs from "{text}"
            Which links does "{text}" contain?
            Get the web addresses out of "{text}"
            urls in: "{text}"
            Please list the links in the text "{text}"
            I need every URL from "{text}"
            Pull the links from this: "{text}"
            Look through "{text}" for web addresses
        """), lambda a, r: {"urls": re.findall(r"https?://\S+", a["text"])}, names=("find_links", "get_urls")),
    FunctionSpec("extract_numbers", _DOMAIN, "Find the numbers in a text",
        (text("text", _with_numbers, names=("input",)),),
        lines("""
            Find the numbers in "{text}"
            Extract all numbers from "{text}"
            Which numbers does "{text}" contain?
            Get the numbers out of "{text}"
            numbers in: "{text}"
            Please list the numbers in the text "{text}"
            I only need the numbers from "{text}"
            Pull the figures from this: "{text}"
            Look through "{text}" for numbers
        """), lambda a, r: {"numbers": [int(n) for n in re.findall(r"\d+", a["text"])]}, names=("find_numbers", "get_numbers")),
    FunctionSpec("extract_keywords", _DOMAIN, "Pick the keywords of a text",
        (text("text", _two_sentences, names=("input",)), integer("count", values.whole(1, 12), required=False, default=5, names=("limit",))),
        lines("""
            Extract[ {count}] keywords from "{text}"
            What are the[ {count}] keywords of "{text}"?
            Pick[ {count}] key words from "{text}"
            Give me[ {count}] keywords for the text "{text}"
            keywords: "{text}"[, at most {count}]
            Please find[ {count}] important terms in "{text}"
            Tag "{text}" with[ {count}] keywords
            Which[ {count}] terms sum up "{text}"?
            I need[ {count}] keywords that describe "{text}"
        """), _keywords, names=("get_keywords", "find_keywords")),
    FunctionSpec("is_palindrome", _DOMAIN, "Check whether a text is a palindrome",
        (text("text", values.mixed(values.word, lambda r: (w := values.word(r)) + w[-2::-1]), names=("input",)),),
        lines("""
            Is "{text}" a palindrome?
            Check whether "{text}" is a palindrome
            palindrome: "{text}"?
            Does "{text}" read the same in both directions?
            Tell me if "{text}" is a palindrome
            Please test "{text}" for being a palindrome
            Would you call "{text}" a palindrome?
            Can "{text}" be read the same from both ends?
            Find out if the word "{text}" is palindromic
        """), lambda a, r: {"palindrome": a["text"] == a["text"][::-1]}, names=("check_palindrome",)),
    FunctionSpec("are_anagrams", _DOMAIN, "Check whether two words are anagrams",
        (text("first", values.noun, names=("word_a",)), text("second", values.noun, names=("word_b",))),
        lines("""
            Are {first} and {second} anagrams?
            Is {first} an anagram of {second}?
            Check if {first} and {second} are anagrams
            anagram test: {first} {second}
            Do {first} and {second} have the same letters?
            Can the letters of {first} be rearranged to {second}?
            Please test whether {first} and {second} are anagrams of each other
            Could I make {second} by shuffling the letters of {first}?
            Tell me if one gets {second} from the letters in {first}
        """),
        lambda a, r: {"anagrams": sorted(a["first"]) == sorted(a["second"])}, names=("check_anagram", "anagram_test"),
        relate=lambda a, r: {**a, "second": "".join(r.sample(a["first"], len(a["first"]))) if r.random() < 0.5 else a["second"]}),
    FunctionSpec("text_similarity", _DOMAIN, "Rate how similar two texts are",
        (text("first", values.sentence, names=("text_a",)), text("second", values.sentence, names=("text_b",))),
        lines("""
            How similar are "{first}" and "{second}"?
            Compare the texts "{first}" and "{second}" for similarity
            Rate the similarity of "{first}" and "{second}"
            What is the similarity between "{first}" and "{second}"?
            similarity: "{first}" vs "{second}"
            Please score how alike "{first}" and "{second}" are
            Is "{first}" close to "{second}"? Give a similarity
            On a scale, how much does "{first}" resemble "{second}"?
            Do "{first}" and "{second}" look alike? Measure it
        """), _similarity, names=("compare_texts", "similarity_score")),
    FunctionSpec("edit_distance", _DOMAIN, "Count the edits from one word to another",
        (text("first", values.word, names=("source",)), text("second", values.word, names=("target",))),
        lines("""
            What is the edit distance between {first} and {second}?
            Compute the Levenshtein distance from {first} to {second}
            How many edits turn {first} into {second}?
            edit distance {first} {second}
            How many letters must change to get from {first} to {second}?
            Levenshtein of {first} and {second} please
            Count the edits between the words {first} and {second}
            By how many typos does {first} differ from {second}?
            Starting with {first}, how many single edits until it says {second}?
        """), _edit_distance, names=("levenshtein", "levenshtein_distance")),
    FunctionSpec("detect_language", _DOMAIN, "Detect the language of a text",
        (text("text", _foreign, names=("input",)),),
        lines("""
            Which language is "{text}"?
            Detect the language of "{text}"
            What language is "{text}" written in?
            language of "{text}"?
            Identify the language: "{text}"
            Is "{text}" English or something else?
            Please recognise the language of the text "{text}"
            I can't tell what language "{text}" is in
            Tell me in which language somebody wrote "{text}"
        """), _language, names=("identify_language",)),
    FunctionSpec("check_spelling", _DOMAIN, "Check the spelling of a text",
        (text("text", _misspelled, names=("input",)), choice("variety", ("british", "american", "canadian", "australian"), "of English", say=str.title, required=False)),
        lines("""
            Check the spelling of "{text}"[ in {variety} English]
            Is "{text}" spelled correctly[ in {variety} English]?
            Spell check "{text}"[ as {variety}]
            Find spelling mistakes in "{text}"[, {variety} spelling]
            Any typos in "{text}"[, checked as {variety} English]?
            Please proofread the spelling of "{text}"[ in the {variety} way]
            Run a[ {variety}] spell check on "{text}"
            Did I make a spelling mistake in "{text}"[? It is {variety}]
            Look over the spelling in "{text}"[, it's {variety} English]
        """), _mistakes, names=("spell_check", "proofread")),
    FunctionSpec("first_letters", _DOMAIN, "Make an acronym of a phrase",
        (text("text", values.phrase, names=("phrase",)),),
        lines("""
            Make an acronym of "{text}"
            What is the acronym for "{text}"?
            Abbreviate "{text}" by its initials
            acronym: "{text}"
            Take the initial letters of "{text}"
            Please form an acronym from "{text}"
            How would one abbreviate "{text}" as an acronym?
            Give me the initials of the words in "{text}"
            Shorten the name "{text}" to an acronym
        """), lambda a, r: {"acronym": "".join(word[0].upper() for word in a["text"].split())}, names=("make_acronym", "get_initials")),
    FunctionSpec("fill_template", _DOMAIN, "Fill the fields of a text template",
        (text("template", lambda r: r.choice(("Dear <name>, your <item> is ready", "<name> ordered <item>", "Send <item> to <name>"))),
         # The fields are the template's: a name and an item.
         fields("fields", {"name": values.first_name, "item": values.noun})),
        lines("""
            Fill the template "{template}" with {fields}
            Use {fields} in the template "{template}"
            Put {fields} into "{template}"
            Render "{template}" where {fields}
            template "{template}", values {fields}
            Please complete "{template}" using {fields}
            What does "{template}" give for {fields}?
            Replace the fields of "{template}" with {fields}
            With {fields}, what becomes of the template "{template}"?
        """), _filled, names=("render_template",)),
)  # fmt: skip
