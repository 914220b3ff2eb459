"""Sports: results, tables, fixtures and tickets are simulated; pace and speed are really computed."""

from __future__ import annotations

from random import Random
from typing import Any

from codeling.data.tool_functions.everyday_values import SPORTS, clock, code, day, different, full_name, past_day, team
from codeling.data.tool_functions.mathematics import tidy
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, integer, lines, number, text
from codeling.data.tool_functions.values import decimal, mixed, one_of, whole

_DOMAIN = "sports"
_sport = one_of(SPORTS)
_season = whole(1970, 2025)


def pace(kilometers: float, minutes: int) -> str:
    """Minutes and seconds a kilometer takes, M:SS."""
    seconds = round(60 * minutes / kilometers)
    return f"{seconds // 60}:{seconds % 60:02}"


def _pace(a: dict[str, Any], random: Random) -> Any:
    return {"pace": pace(a["kilometers"], a["minutes"]), "kmh": tidy(round(60 * a["kilometers"] / a["minutes"], 2))}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "game_score",
        _DOMAIN,
        "Result of a game between two teams",
        (
            text("home", team, names=("team", "home_team")),
            text("away", team, names=("opponent", "away_team")),
            text("day", past_day, required=False, names=("date",)),
        ),
        lines("""
            How did {home} play against {away}[ {day}]?
            What was the score of {home} against {away}[ {day}]?
            Score {home} - {away}[, {day}]
            {home} vs {away} result[ {day}]
            Who won, {home} or {away}[, {day}]?
            Tell me the result of {home} versus {away}[ {day}]
            Did {home} beat {away}[ {day}]?
            I missed the game of {home} and {away}[ {day}]. How did it end?
            What is the final score between {home} and {away}[ {day}]?
            Final result please: {home} against {away}[ {day}]
        """),
        answer("home", "away", score=lambda random: [random.randint(0, 9), random.randint(0, 9)]),
        names=("get_score", "match_result"),
        relate=different("away", "home", team),
    ),
    FunctionSpec(
        "next_game",
        _DOMAIN,
        "Next game of a team",
        (text("team", team, names=("club",)),),
        lines("""
            When do {team} play next?
            Next game of {team}
            Who is the next opponent of {team}?
            next match {team}
            Against whom do {team} play next?
            When is the next {team} game?
            Tell me the upcoming match of {team}
            I don't want to miss the coming game of {team}. When is it?
            Which team do {team} face next time?
            When can I see {team} on the field again?
        """),
        answer("team", opponent=team, day=day, time=clock),
        names=("upcoming_match", "next_match"),
    ),
    FunctionSpec(
        "league_table",
        _DOMAIN,
        "Standings of a league",
        (
            choice("sport", SPORTS[:6], names=("game",)),
            text(
                "country",
                one_of(
                    (
                        "Spain",
                        "Italy",
                        "Germany",
                        "France",
                        "England",
                        "Brazil",
                        "Japan",
                        "Canada",
                        "Mexico",
                        "Turkey",
                        "Norway",
                        "Poland",
                        "Greece",
                        "Portugal",
                        "Sweden",
                        "Chile",
                        "India",
                        "Kenya",
                        "Egypt",
                        "Peru",
                    )
                ),
                names=("league",),
            ),
            integer("season", _season, required=False, names=("year",)),
        ),
        lines("""
            Show the {sport} table of {country}[ for {season}]
            Standings of the {sport} league in {country}[, season {season}]
            Who leads the {sport} league of {country}[ in {season}]?
            {sport} table {country}[ {season}]
            What does the {sport} league of {country} look like[ in {season}]?
            Which team is first in {sport} in {country}[, season {season}]?
            Give me the {sport} standings for {country}[ of {season}]
            I follow {sport} in {country}; how does the table stand[ in {season}]?
            Rank the teams of the {sport} league in {country}[ for the season {season}]
            Is it close at the top of {country}'s {sport} league[ of {season}]?
        """),
        answer("sport", "country", leader=team, points=whole(20, 99)),
        names=("standings", "get_standings"),
    ),
    FunctionSpec(
        "player_stats",
        _DOMAIN,
        "Statistics of a player",
        (
            text("player", full_name, names=("name", "athlete")),
            integer("season", _season, required=False, names=("year",)),
        ),
        lines("""
            How many goals did the player {player} score[ in {season}]?
            Statistics of the player {player}[ for {season}]
            Show me the stats of {player}[ in the {season} season]
            player stats {player}[ {season}]
            How good was the athlete {player}[ in {season}]?
            Give me the numbers of player {player}[, season {season}]
            How often did {player} play[ in {season}]?
            What did {player} achieve on the field[ in {season}]?
            Did {player} have many assists[ in {season}]?
            Pull up the player page of {player}[ for the year {season}]
        """),
        answer("player", games=whole(0, 60), goals=whole(0, 45)),
        names=("athlete_stats", "get_player"),
    ),
    FunctionSpec(
        "team_roster",
        _DOMAIN,
        "Players of a team",
        (text("team", team, names=("club",)), integer("season", _season, required=False, names=("year",))),
        lines("""
            Who plays for {team}[ in {season}]?
            Players of {team}[ in {season}]
            Show the roster of {team}[ for {season}]
            roster {team}[ {season}]
            Which players are on the {team} team[ in {season}]?
            List the squad of {team}[, season {season}]
            Give me the lineup of {team}[ of {season}]
            What players does {team} have under contract[ in {season}]?
            Name everybody in the {team} squad[ of the {season} season]
            I want to know all the people who play with {team}[ in {season}]
        """),
        answer("team", players=lambda random: [full_name(random) for _ in range(3)]),
        names=("get_roster", "team_players"),
    ),
    FunctionSpec(
        "buy_game_tickets",
        _DOMAIN,
        "Buy tickets for a game of a team",
        (
            text("team", team, names=("club",)),
            text("day", day, names=("date",)),
            integer("tickets", whole(2, 10), names=("quantity", "seats")),
            choice("area", ("standing", "seated", "vip"), required=False),
        ),
        lines("""
            Buy {tickets} tickets for {team} {day}[ in the {area} area]
            Get me {tickets} tickets to the {team} game {day}[, {area}]
            I want to see {team} {day}, {tickets} tickets please[, {area}]
            tickets {team} {day} x{tickets}[ {area}]
            Book {tickets} seats for the game of {team} {day}[, {area} area]
            Order {tickets} tickets for the match of {team} {day}[ with {area} places]
            Can you get {tickets} tickets when {team} play {day}[? Take {area}]
            We are {tickets} fans going to {team} {day}; buy the tickets[, {area}]
            {team} play {day}. Reserve {tickets} tickets[ in {area}]
            Let's go to the stadium: {team}, {day}, {tickets} tickets[, {area} ones]
        """),
        answer("team", "day", "tickets", order=code),
        names=("game_tickets", "book_match_tickets"),
    ),
    FunctionSpec(
        "running_pace",
        _DOMAIN,
        "Pace and speed of a run",
        (
            number("kilometers", mixed(whole(1, 60), decimal(1, 45)), names=("distance",)),
            integer("minutes", whole(5, 420), names=("duration",)),
        ),
        lines("""
            I ran {kilometers} km in {minutes} minutes. What was my pace?
            Pace for {kilometers} kilometers in {minutes} minutes
            How fast is {kilometers} km in {minutes} minutes?
            pace {kilometers} km {minutes} min
            Compute my running speed: {kilometers} km, {minutes} minutes
            If I need {minutes} minutes for {kilometers} kilometers, what is the pace?
            What pace do I have when I run {kilometers} km within {minutes} minutes?
            My watch says {kilometers} km and {minutes} minutes; how quick was that run?
            A race of {kilometers} kilometers took me {minutes} minutes. Tell me the pace per kilometer
            To finish {kilometers} km in {minutes} minutes, which pace must I hold?
        """),
        _pace,
        names=("compute_pace", "run_speed"),
    ),
    FunctionSpec(
        "find_sports_partner",
        _DOMAIN,
        "Find people to play a sport with",
        (
            text("sport", _sport, names=("game",)),
            text("day", day, names=("date",)),
            choice("level", ("beginner", "intermediate", "advanced"), required=False, names=("skill",)),
        ),
        lines("""
            Find somebody to play {sport} with me {day}[ at {level} level]
            I'm looking for a {sport} partner {day}[, {level}]
            Who wants to play {sport} {day}[, {level} level]?
            partner {sport} {day}[ {level}]
            Search people for {sport} {day}[ who are {level}]
            I need someone for {sport} {day}[, preferably {level}]
            Is anybody free for {sport} {day}[ at the {level} level]?
            Nobody plays {sport} with me {day}; find a partner[, {level}]
            Match me with a {sport} player for {day}[, skill {level}]
            {day} I'd like to do {sport} but not alone[; I am {level}]
        """),
        answer("sport", "day", partner=full_name),
        names=("find_teammate", "sports_partner"),
    ),
    FunctionSpec(
        "sport_rules",
        _DOMAIN,
        "Explain a rule of a sport",
        (
            text("sport", _sport, names=("game",)),
            text(
                "rule",
                one_of(
                    (
                        "offside",
                        "penalties",
                        "overtime",
                        "scoring",
                        "substitutions",
                        "fouls",
                        "serving",
                        "tie breaks",
                        "timeouts",
                        "the equipment",
                        "the field size",
                        "the referee",
                        "winning",
                        "injuries",
                        "video review",
                    )
                ),
                names=("subject",),
            ),
        ),
        lines("""
            Explain {rule} in {sport}
            What are the rules about {rule} in {sport}?
            How do {rule} work in {sport}?
            rules {sport}: {rule}
            Tell me the {sport} rule on {rule}
            I don't understand {rule} in {sport}
            In {sport}, what do the rules say about {rule}?
            My son asks about {rule} in {sport}. Explain it, please
            Look {rule} up in the rule book of {sport}
            For a {sport} beginner, what is there to know about {rule}?
        """),
        answer("sport", "rule", text=lambda random: f"Rule {random.randint(1, 40)} applies."),
        names=("explain_rule", "game_rules"),
    ),
)
