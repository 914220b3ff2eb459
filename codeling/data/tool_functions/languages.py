"""Words and languages: translations are simulated; synonyms, opposites, rhymes and plurals are real."""

from __future__ import annotations

from codeling.data.tool_functions.everyday_values import ADJECTIVES, LANGUAGES, NOUNS, first_name, sentence
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, text
from codeling.data.tool_functions.values import mixed, one_of, whole, word

_DOMAIN = "languages"
_language = one_of(LANGUAGES)
_known_word = mixed(one_of(NOUNS), one_of(ADJECTIVES))
_word = mixed(_known_word, word)
_noun = one_of(NOUNS)
_VOWELS = frozenset("aeiou")
# Points of the English edition's tiles.
_TILES = {1: "aeilnorstu", 2: "dg", 3: "bcmp", 4: "fhvwy", 5: "k", 8: "jx", 10: "qz"}
_POINTS = {letter: points for points, letters in _TILES.items() for letter in letters}
_IRREGULAR = {
    "leaf": "leaves",
    "wolf": "wolves",
    "key": "keys",
    "mango": "mangoes",
    "piano": "pianos",
    "echo": "echoes",
}


# Groups of words that mean much the same, and pairs of opposites.
SYNONYMS = tuple(
    tuple(group.split())
    for group in [
        "happy glad cheerful joyful",
        "sad unhappy gloomy sorrowful",
        "big large huge giant",
        "small little tiny",
        "fast quick rapid swift\n    ",
        "smart clever bright wise",
        "brave bold fearless daring",
        "angry mad furious",
        "calm quiet peaceful",
        "strange odd weird peculiar\n    ",
        "begin start commence",
        "end finish stop",
        "help assist support",
        "buy purchase acquire",
        "show display present",
        "gift present\n    ",
        "rich wealthy prosperous",
        "hard difficult tough",
        "easy simple effortless",
        "tired weary exhausted",
        "scared afraid frightened\n    ",
        "old ancient aged",
        "new modern fresh",
        "funny amusing comical",
        "nice pleasant agreeable",
        "ugly hideous unsightly\n    ",
        "shout yell scream",
        "choose pick select",
        "trip journey voyage",
        "house home dwelling",
        "road street lane",
        "stone rock boulder\n    ",
        "forest woods woodland",
        "child kid youngster",
        "friend companion buddy",
        "error mistake fault",
        "job work occupation\n    ",
        "answer reply response",
        "broken damaged cracked",
        "dirty filthy grimy",
        "empty vacant blank",
        "hidden secret concealed",
    ]
)
OPPOSITES = tuple(
    tuple(pair.split())
    for pair in [
        "hot cold",
        "big small",
        "old young",
        "fast slow",
        "happy sad",
        "bright dark",
        "loud quiet",
        "deep shallow",
        "early late",
        "empty full",
        "hard soft\n    ",
        "heavy light",
        "high low",
        "long short",
        "near far",
        "open closed",
        "poor rich",
        "rough smooth",
        "sharp blunt",
        "strong weak",
        "sweet sour",
        "tall short\n    ",
        "thick thin",
        "true false",
        "warm cool",
        "wet dry",
        "wide narrow",
        "wild tame",
        "wise foolish",
        "clean dirty",
        "brave cowardly",
        "polite rude\n    ",
        "lazy diligent",
        "safe dangerous",
        "simple complicated",
        "ancient modern",
        "tight loose",
        "cheap expensive",
        "guilty innocent",
        "public private\n    ",
        "love hate",
        "win lose",
        "arrive depart",
        "accept refuse",
        "expand shrink",
        "remember forget",
        "lend borrow",
        "enter exit",
    ]
)


def synonyms(word: str) -> list[str]:
    """The other words of every group that has ``word``."""
    return [other for group in SYNONYMS if word in group for other in group if other != word]


def antonyms(word: str) -> list[str]:
    """The other word of every pair that has ``word``."""
    return [other for pair in OPPOSITES if word in pair for other in pair if other != word]


def rhymes(word: str) -> list[str]:
    """Words of the pools that end in the same letters, from the last vowel group on."""
    ending = word[_last_vowels(word) :]
    return [other for other in (*NOUNS, *ADJECTIVES) if other != word and other[_last_vowels(other) :] == ending]


def _last_vowels(word: str) -> int:
    """Where the last group of vowels begins that a consonant or nothing follows; a silent final e does not count."""
    at = len(word) - 1 - (word.endswith("e") and len(word) > 2)
    while at > 0 and word[at] not in _VOWELS | {"y"}:
        at -= 1
    while at > 0 and word[at - 1] in _VOWELS:
        at -= 1
    return at


def plural(noun: str) -> str:
    """The English plural of a noun of the pools: irregular ones from a table, the others by rule."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    return noun + "s"


def _example(word: str) -> str:
    return f"There is a {word} here." if word in NOUNS else f"It looks {word}."


_synonym = one_of(tuple(word for group in SYNONYMS for word in group))
_antonym = one_of(tuple(word for pair in OPPOSITES for word in pair))

FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "translate_text",
        _DOMAIN,
        "Translate a text into a language",
        (
            text("text", sentence, names=("sentence", "phrase")),
            text("language", _language, "target language", names=("to_language", "target")),
            flag("formal", "in a formal tone", "in an informal tone"),
        ),
        lines("""
            Translate "{text}" into {language}[ {formal}]
            How do you say "{text}" in {language}[ {formal}]?
            What is "{text}" in {language}[, {formal}]?
            translate to {language}: "{text}"[ {formal}]
            Please translate the sentence "{text}" to {language}[ {formal}]
            I want to say "{text}" in {language}[ {formal}]
            Give me "{text}" in {language}[, {formal}]
            My neighbor only speaks {language}; how do I tell her "{text}"[ {formal}]?
            Put "{text}" into {language}[ {formal}], please
            Turn the words "{text}" into {language}[, {formal}]
        """),
        lambda a, random: {"language": a["language"], "translation": f"({a['language']}) {a['text']}"},
        names=("translate", "translation"),
    ),
    FunctionSpec(
        "define_word",
        _DOMAIN,
        "Meaning of a word",
        (text("word", _known_word, names=("term",)), text("language", _language, required=False)),
        lines("""
            What does the word "{word}" mean[ in {language}]?
            Define {word}[ in {language}]
            Meaning of the word "{word}"[, explained in {language}]
            define: {word}[ ({language})]
            Look up {word} in the dictionary[ of {language}]
            What is the definition of "{word}"[ in {language}]?
            Explain the word {word} to me[ in {language}]
            I don't know the word "{word}"[ in {language}]. What is it?
            Give a dictionary entry for {word}[, language {language}]
            Tell me what people mean by "{word}"[ in {language}]
        """),
        lambda a, random: {"kind": "noun" if a["word"] in NOUNS else "adjective", "example": _example(a["word"])},
        names=("dictionary", "word_meaning"),
    ),
    FunctionSpec(
        "find_synonyms",
        _DOMAIN,
        "Words with the same meaning",
        (text("word", _synonym, names=("term",)), integer("count", whole(2, 15), required=False, names=("limit",))),
        lines("""
            Give me[ {count}] synonyms for "{word}"
            What are[ {count}] other words for {word}?
            Find[ {count}] synonyms of {word}
            synonyms {word}[ {count}]
            Which[ {count}] words mean the same as "{word}"?
            I need[ {count}] words similar to {word}
            Show[ {count}] synonyms for the word {word}
            I used "{word}" too often, suggest[ {count}] alternatives
            How else can I say "{word}"[? Name {count} ways]
            In place of {word}, what could I write[, {count} ideas]?
        """),
        lambda a, random: {"synonyms": synonyms(a["word"])[: a["count"]]},
        names=("synonyms", "similar_words"),
    ),
    FunctionSpec(
        "find_antonyms",
        _DOMAIN,
        "Words with the opposite meaning",
        (text("word", _antonym, names=("term",)),),
        lines("""
            What is the opposite of "{word}"?
            Give me an antonym of {word}
            Find the opposite of {word}
            antonym {word}
            Which word is the contrary of "{word}"?
            Antonyms for the word {word}, please
            Opposite of {word}?
            What do you call something that is not {word} at all, in one word?
            If it isn't {word}, it is what? Name the contrary
            Reverse the meaning of "{word}" with one word
        """),
        lambda a, random: {"antonyms": antonyms(a["word"])},
        names=("antonyms", "opposite_word"),
    ),
    FunctionSpec(
        "find_rhymes",
        _DOMAIN,
        "Words that rhyme with a word",
        (text("word", _word, names=("term",)),),
        lines("""
            What rhymes with "{word}"?
            Find rhymes for {word}
            Words that rhyme with {word}
            rhyme {word}
            I write a poem and need a rhyme for {word}
            Which words rhyme with "{word}"?
            Give me something that rhymes with {word}
            For my song I look for rhymes on {word}
            My verse ends in "{word}"; how can the next one end?
            Help me rhyme {word}
        """),
        lambda a, random: {"rhymes": rhymes(a["word"])},
        names=("rhymes", "rhyming_words"),
    ),
    FunctionSpec(
        "pluralize",
        _DOMAIN,
        "English plural of a noun",
        (text("noun", _noun, names=("word",)),),
        lines("""
            What is the plural of "{noun}"?
            Plural of {noun}
            Give me the plural form of {noun}
            pluralize {noun}
            How do I write more than one {noun}?
            One {noun}, two what?
            Form the plural of the noun {noun}
            I have a {noun} and get another; what do I call both?
            Turn "{noun}" into its plural
            If there are many, "{noun}" becomes what?
        """),
        lambda a, random: {"plural": plural(a["noun"])},
        names=("plural_form", "make_plural"),
    ),
    FunctionSpec(
        "pronounce",
        _DOMAIN,
        "Read a text aloud",
        (
            text("text", mixed(sentence, _word), names=("words", "content")),
            choice("speed", ("slow", "normal", "fast"), required=False, default="normal", names=("pace",)),
        ),
        lines("""
            Read "{text}" aloud[ at {speed} speed]
            How is "{text}" pronounced[? Say it at {speed} speed]
            Say "{text}" out loud[, {speed}]
            speak "{text}"[ {speed}]
            Pronounce "{text}" for me[ in a {speed} way]
            I want to hear "{text}" spoken[ at a {speed} pace]
            Let me hear how "{text}" sounds[, {speed}]
            Use your voice to say "{text}"[ with {speed} speed]
            Please speak the words "{text}"[ at {speed} tempo]
            What does "{text}" sound like[, spoken {speed}]?
        """),
        answer("speed", seconds=whole(1, 30)),
        names=("read_aloud", "text_to_speech"),
    ),
    FunctionSpec(
        "scrabble_score",
        _DOMAIN,
        "Points of a word in Scrabble",
        (text("word", _word, names=("term",)),),
        lines("""
            How many points is "{word}" worth in Scrabble?
            Scrabble score of {word}
            What does {word} score in Scrabble?
            scrabble {word}
            Count the Scrabble points of "{word}"
            If I lay {word} in Scrabble, how many points do I get?
            Tell me the Scrabble value of the word {word}
            I have the letters for {word}; what would that bring me in Scrabble?
            Is {word} a strong word in Scrabble? Give the points
            In Scrabble, what is the worth of {word}?
        """),
        lambda a, random: {"points": sum(_POINTS[letter] for letter in a["word"].lower())},
        names=("word_points", "scrabble_points"),
    ),
    FunctionSpec(
        "learn_phrases",
        _DOMAIN,
        "Useful phrases to learn of a language",
        (
            text("language", _language, names=("of_language",)),
            choice("situation", ("greeting", "shopping", "travel", "eating", "emergency"), required=False),
            integer("count", whole(2, 20), required=False),
        ),
        lines("""
            Teach me[ {count}] useful phrases in {language}[ for {situation}]
            Give me[ {count}] {language} phrases[ for {situation}]
            I'm learning {language}. Show[ {count}] phrases[ about {situation}]
            phrases {language}[ {situation}][ {count}]
            Which[ {count}] sentences in {language} should I know[ for {situation}]?
            What are[ {count}] important {language} expressions[ when it comes to {situation}]?
            Let me learn[ {count}] things to say in {language}[, situation {situation}]
            I travel soon and speak no {language}; give me[ {count}] phrases[ for {situation}]
            Prepare[ {count}] sentences of {language} to learn by heart[, topic {situation}]
            Train me in {language} with[ {count}] phrases[ of the kind {situation}]
        """),
        answer("language", phrases=lambda random: [sentence(random) for _ in range(3)]),
        names=("useful_phrases", "language_lesson"),
    ),
    FunctionSpec(
        "write_poem",
        _DOMAIN,
        "Write a short poem about things",
        (
            listing("subjects", mixed(_noun, first_name), 1, 3, names=("about", "topics")),
            integer("verses", whole(2, 9), required=False, default=2),
        ),
        lines("""
            Write a poem about {subjects}[ with {verses} verses]
            Compose a short poem on {subjects}[, {verses} verses]
            I'd like a poem about {subjects}[ in {verses} verses]
            poem: {subjects}[, {verses} verses]
            Can you write me a poem with {subjects} in it[, {verses} verses long]?
            Make up a poem on {subjects}[ of {verses} verses]
            A little poem about {subjects} please[, {verses} verses]
            Surprise my aunt with verses on {subjects}[, {verses} of them]
            Be a poet: {subjects}[ in {verses} verses]
            Put {subjects} into poetry[ of {verses} verses]
        """),
        answer("subjects", first_line=lambda random: f"The {random.choice(ADJECTIVES)} {random.choice(NOUNS)} sings"),
        names=("compose_poem", "make_poem"),
    ),
)
