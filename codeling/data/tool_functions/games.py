"""Games and chance: dice, coins, draws from lists, puzzles; every outcome really comes from the generator."""

from __future__ import annotations

from random import Random
from typing import Any

from codeling.data.tool_functions.everyday_values import FOODS, NOUNS, dish, first_name, thing, title, topic
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, text
from codeling.data.tool_functions.values import magnitudes, mixed, one_of, whole

_DOMAIN = "games"
_option = mixed(first_name, dish, thing, title, one_of(FOODS))
_SUITS = ("clubs", "diamonds", "hearts", "spades")
_RANKS = ("ace", *map(str, range(2, 11)), "jack", "queen", "king")
_BEATEN = {"rock": "scissors", "scissors": "paper", "paper": "rock"}


def _random_integer(a: dict[str, Any], random: Random) -> Any:
    low, high = sorted((a["low"], a["high"]))
    return {"number": random.randint(low, high)}


def _cards(a: dict[str, Any], random: Random) -> Any:
    deck = [f"{rank} of {suit}" for suit in _SUITS for rank in _RANKS]
    return {"cards": random.sample(deck, a["count"])}


def _rock_paper_scissors(a: dict[str, Any], random: Random) -> Any:
    mine = random.choice(tuple(_BEATEN))
    outcome = "draw" if mine == a["hand"] else "you win" if _BEATEN[a["hand"]] == mine else "you lose"
    return {"mine": mine, "outcome": outcome}


def _teams(a: dict[str, Any], random: Random) -> Any:
    shuffled = random.sample(a["names"], len(a["names"]))
    return {"teams": [shuffled[start :: a["teams"]] for start in range(a["teams"])]}


def _dice(a: dict[str, Any], random: Random) -> Any:
    rolls = [random.randint(1, a["sides"]) for _ in range(a["count"])]
    return {"rolls": rolls, "total": sum(rolls)}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "roll_dice",
        _DOMAIN,
        "Roll a number of dice",
        (
            integer("count", whole(2, 12), names=("dice", "num_dice")),
            integer("sides", one_of((4, 8, 10, 12, 20, 30, 100)), required=False, default=6),
        ),
        lines("""
            Roll {count} dice[ with {sides} sides]
            Throw {count} dice[ of {sides} sides]
            Please roll {count}[ {sides}-sided] dice for me
            dice: {count}[ x {sides} sides]
            I want to roll {count} dice[, {sides} sides each]
            Let {count} dice fall[, {sides} sides]
            Give me a roll of {count} dice[ having {sides} sides]
            My turn: throw {count}[ {sides}-sided] dice
            What do I get with {count} dice[ that have {sides} sides]?
            For my attack, roll {count} dice[, each with {sides} sides]
        """),
        _dice,
        names=("throw_dice", "dice_roll"),
    ),
    FunctionSpec(
        "flip_coins",
        _DOMAIN,
        "Flip a coin once or more",
        (integer("count", whole(2, 30), required=False, default=1, names=("coins", "times")),),
        lines("""
            Flip a coin[ {count} times]
            Heads or tails[, {count} times]?
            Toss a coin[ {count} times] for me
            coin flip[ x{count}]
            Throw a coin[ {count} times] and tell me the result
            Let a coin decide[, {count} tosses]
            Can you flip a coin for us[, {count} rounds]?
            We can't agree, so toss a coin[ {count} times]
            Do a coin toss[, repeat it {count} times]
            Decide by heads or tails[ in {count} throws]
        """),
        lambda a, random: {"flips": [random.choice(("heads", "tails")) for _ in range(a["count"])]},
        names=("coin_flip", "toss_coin"),
    ),
    FunctionSpec(
        "random_integer",
        _DOMAIN,
        "Random whole number in a range",
        (
            integer("low", whole(0, 100), names=("min", "start")),
            integer("high", magnitudes(101, 100000), names=("max", "end")),
        ),
        lines("""
            Give me a random number between {low} and {high}
            Random number from {low} to {high}
            Pick a number between {low} and {high}
            random {low} {high}
            Draw a random integer from {low} up to {high}
            I need a random number, at least {low} and at most {high}
            Choose any number from {low} to {high}
            Think of a number between {low} and {high}
            Which number wins, somewhere from {low} to {high}? Draw it
            Let chance pick a whole number in the range {low} to {high}
        """),
        _random_integer,
        names=("random_number", "pick_number"),
    ),
    FunctionSpec(
        "pick_one",
        _DOMAIN,
        "Pick one option at random",
        (listing("options", _option, 2, 5, names=("choices", "items")),),
        lines("""
            Pick one of {options}
            Choose between {options}
            I can't decide between {options}. Pick one
            pick: {options}
            Randomly select one of {options}
            Which one of {options} should I take? Choose for me
            Draw one out of {options}
            Let fate decide: {options}
            It's either {options}; you choose at random
            Help me, which of {options} is it going to be?
        """),
        lambda a, random: {"picked": random.choice(a["options"])},
        names=("random_choice", "choose_option"),
    ),
    FunctionSpec(
        "shuffle_list",
        _DOMAIN,
        "Put a list into random order",
        (listing("items", _option, 3, 5, names=("list", "elements")),),
        lines("""
            Shuffle {items}
            Put {items} in random order
            Mix up the order of {items}
            shuffle: {items}
            Randomize the list {items}
            In which random order should {items} come?
            Give me {items} in a shuffled sequence
            Who goes first, second and so on? Shuffle {items}
            Throw {items} together and read them out by chance
            Jumble the list of {items}
        """),
        lambda a, random: {"items": random.sample(a["items"], len(a["items"]))},
        names=("randomize_order", "mix_list"),
    ),
    FunctionSpec(
        "split_teams",
        _DOMAIN,
        "Split people into random teams",
        (
            listing("names", first_name, 4, 7, names=("players", "people")),
            integer("teams", whole(2, 4), names=("num_teams", "groups")),
        ),
        lines("""
            Split {names} into {teams} teams
            Make {teams} random teams out of {names}
            Divide {names} into {teams} groups
            {teams} teams from {names}
            Form {teams} teams with {names}
            We are {names} and need {teams} teams
            Put {names} into {teams} random groups
            Who plays with whom? {teams} teams, players {names}
            For the game, sort {names} by chance into {teams} teams
            Create {teams} fair groups; the people are {names}
        """),
        _teams,
        names=("random_teams", "make_groups"),
    ),
    FunctionSpec(
        "draw_cards",
        _DOMAIN,
        "Draw playing cards from a deck",
        (integer("count", whole(2, 20), names=("cards", "amount")),),
        lines("""
            Draw {count} cards
            Deal me {count} cards
            Give me {count} playing cards
            cards: {count}
            Take {count} cards from the deck
            I draw {count} cards, which ones?
            Please deal {count} cards from a shuffled deck
            My hand has {count} cards. Deal them
            Pull {count} random cards out of a deck
            What would I hold after drawing {count} cards?
        """),
        _cards,
        names=("deal_cards", "pick_cards"),
    ),
    FunctionSpec(
        "rock_paper_scissors",
        _DOMAIN,
        "Play rock, paper, scissors",
        (choice("hand", ("rock", "paper", "scissors"), names=("move", "choice")),),
        lines("""
            Rock, paper, scissors! I take {hand}
            I choose {hand}, your turn
            Let's play rock paper scissors, I have {hand}
            rps {hand}
            My hand shows {hand}. What do you have?
            Play against my {hand}
            I throw {hand}, who wins?
            One, two, three: {hand}!
            Can you beat my {hand} in the hand game?
            In this round I go with {hand}
        """),
        _rock_paper_scissors,
        names=("play_hand_game", "rps"),
    ),
    FunctionSpec(
        "trivia_question",
        _DOMAIN,
        "Ask a trivia question",
        (
            text("subject", topic, names=("topic", "category")),
            choice("difficulty", ("easy", "medium", "hard"), required=False, default="medium", names=("level",)),
        ),
        lines("""
            Ask me a[ {difficulty}] trivia question about {subject}
            Quiz me on {subject}[, {difficulty}]
            Give me a[ {difficulty}] quiz question on {subject}
            trivia {subject}[ {difficulty}]
            Test my knowledge of {subject}[ with a {difficulty} question]
            I want a[ {difficulty}] question about {subject} for the pub quiz
            Let's play trivia: {subject}[, level {difficulty}]
            How much do I know about {subject}? Ask something[ {difficulty}]
            Start a quiz round on {subject}[ at {difficulty} difficulty]
            Challenge me with something[ {difficulty}] to guess about {subject}
        """),
        answer("subject", question=lambda random: f"In which year did {topic(random)} begin?"),
        names=("quiz_question", "ask_trivia"),
    ),
    FunctionSpec(
        "tell_joke",
        _DOMAIN,
        "Tell a joke about a subject",
        (
            text("subject", mixed(one_of(NOUNS), one_of(FOODS), thing), names=("topic", "about")),
            flag("clean", "fit for children", "for adults", default=True),
        ),
        lines("""
            Tell me a joke about {subject}[, {clean}]
            Do you know a joke about {subject}[ {clean}]?
            Make me laugh with a joke on {subject}[, {clean}]
            joke {subject}[ {clean}]
            I'd like to hear a joke about {subject}[ {clean}]
            A joke with {subject} please[, {clean}]
            Cheer me up with a {subject} joke[ {clean}]
            Something funny about {subject}[, {clean}]!
            Have you got a funny story on {subject}[, {clean}]?
            What is the best joke on {subject} that you have[, {clean}]?
        """),
        answer("subject", joke=lambda random: f"Why did the {random.choice(NOUNS)} laugh? It saw a {thing(random)}."),
        names=("get_joke", "make_joke"),
    ),
    FunctionSpec(
        "suggest_name",
        _DOMAIN,
        "Invent names for a pet, boat or character",
        (
            choice("kind", ("pet", "boat", "character", "band"), names=("for_what",)),
            text("letter", one_of(tuple("ABCDEFGHIJKLMNOPRSTUVWYZ")), "first letter", required=False),
            integer("count", whole(2, 12), required=False, default=3),
        ),
        lines("""
            Suggest[ {count}] names for my {kind}[ starting with {letter}]
            How should I call my {kind}[? Start with {letter}][, give {count} ideas]
            Find[ {count}] {kind} names[ beginning with {letter}]
            {kind} name[ with {letter}][, {count} ideas]
            I need a name for a {kind}[ that begins with {letter}][, list {count}]
            Invent[ {count}] names for a {kind}[ with the first letter {letter}]
            My {kind} has no name yet[; it should start with {letter}][, show me {count}]
            Be creative:[ {count}] names for our {kind}[, first letter {letter}]
            What would be a good name for the {kind}[, with a {letter} in front][, {count} proposals]?
            Think up[ {count}] names that suit a {kind}[ and start with {letter}]
        """),
        answer("kind", names=lambda random: [first_name(random) for _ in range(3)]),
        names=("invent_name", "name_ideas"),
    ),
    FunctionSpec(
        "start_game",
        _DOMAIN,
        "Start a board game with players",
        (
            choice("game", ("chess", "checkers", "ludo", "poker", "dominoes", "bingo")),
            listing("players", first_name, 1, 4, names=("people", "names")),
            integer("minutes", whole(5, 120), "time limit", required=False),
        ),
        lines("""
            Start a game of {game} with {players}[, {minutes} minutes]
            Let me play {game} against {players}[ for {minutes} minutes]
            Set up {game} for {players}[ with a limit of {minutes} minutes]
            {game}: {players}[, {minutes} min]
            {players} want to play {game}[ for {minutes} minutes]
            Open a {game} table with {players}[ and {minutes} minutes on the clock]
            New {game} game, players {players}[, {minutes} minutes long]
            Invite {players} to a round of {game}[ lasting {minutes} minutes]
            We feel like {game}: {players} are in[, we have {minutes} minutes]
            Get the board out, {players} play {game}[ within {minutes} minutes]
        """),
        answer("game", "players", table=whole(1, 900)),
        names=("new_game", "play_game"),
    ),
)
