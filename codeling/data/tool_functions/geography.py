"""Geography: countries, cities, distances and coordinates; great circles are really computed."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from codeling.data.tool_functions.everyday_values import COUNTRIES, LANGUAGES, address, city, country, different
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, integer, lines, number, text
from codeling.data.tool_functions.values import decimal, magnitudes, mixed, one_of, whole

_DOMAIN = "geography"
_latitude = mixed(decimal(-80, 80, 2), decimal(-60, 70, 3))
_longitude = mixed(decimal(-179, 179, 2), decimal(-120, 150, 3))


def great_circle(latitude: float, longitude: float, latitude_2: float, longitude_2: float) -> float:
    """Kilometers between two points in degrees on a sphere of radius 6371.0088 km: the haversine formula."""
    phi, phi_2 = math.radians(latitude), math.radians(latitude_2)
    half = math.sin((phi_2 - phi) / 2) ** 2
    half += math.cos(phi) * math.cos(phi_2) * math.sin(math.radians(longitude_2 - longitude) / 2) ** 2
    return round(2 * 6371.0088 * math.asin(math.sqrt(half)), 1)


def _point_distance(a: dict[str, Any], random: Random) -> Any:
    return {"kilometers": great_circle(a["latitude"], a["longitude"], a["latitude_2"], a["longitude_2"])}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "capital_city",
        _DOMAIN,
        "Capital of a country",
        (text("country", country, names=("nation",)),),
        lines("""
            What is the capital of {country}?
            Capital of {country}
            Which city is the capital of {country}?
            capital {country}
            Name the capital city of {country}
            I need the capital of {country} for a quiz
            Tell me what the capital of {country} is called
            Where does the government of {country} sit? Name the capital
            Do you know {country}'s capital?
            Find out which city {country} is governed from
        """),
        answer("country", capital=city),
        names=("get_capital", "country_capital"),
    ),
    FunctionSpec(
        "country_population",
        _DOMAIN,
        "Population of a country",
        (text("country", country, names=("nation",)), integer("year", whole(1960, 2025), required=False)),
        lines("""
            How many people live in {country}[ in {year}]?
            Population of {country}[ in {year}]
            What is the population of {country}[ for {year}]?
            population {country}[ {year}]
            How large is the population of {country}[ in the year {year}]?
            Tell me the number of inhabitants of {country}[ in {year}]
            How many inhabitants does {country} have[, year {year}]?
            Are there many people in {country}[? I mean in {year}]
            Count the citizens of {country}[ as of {year}]
            How populous was {country}[ in {year}]?
        """),
        answer("country", population=magnitudes(300000, 300000000)),
        names=("get_population", "inhabitants"),
    ),
    FunctionSpec(
        "country_currency",
        _DOMAIN,
        "Money used in a country",
        (text("country", country, names=("nation",)),),
        lines("""
            What is the currency of {country}?
            Which money do they use in {country}?
            Currency of {country}
            currency {country}
            How do I pay in {country}, with what currency?
            Name the currency used in {country}
            I'm going to {country}. What is the money called there?
            What kind of money will I need in {country}?
            Which coins and notes are used in {country}?
            Tell me what people in {country} pay with
        """),
        answer("country", currency=one_of(("dollar", "peso", "franc", "pound", "dinar", "krone", "rupee", "euro"))),
        names=("get_currency", "local_money"),
    ),
    FunctionSpec(
        "country_languages",
        _DOMAIN,
        "Languages spoken in a country",
        (text("country", country, names=("nation",)),),
        lines("""
            Which languages are spoken in {country}?
            What language do people speak in {country}?
            Official languages of {country}
            languages {country}
            What is the official language of {country}?
            Tell me the languages of {country}
            I'm moving to {country}. Which language should I learn?
            Do they speak English in {country}, or what?
            How do people in {country} talk, in which languages?
            In what language are newspapers printed in {country}?
        """),
        answer("country", languages=lambda random: random.sample(LANGUAGES, 2)),
        names=("spoken_languages", "official_language"),
    ),
    FunctionSpec(
        "country_neighbors",
        _DOMAIN,
        "Countries that border a country",
        (text("country", country, names=("nation",)),),
        lines("""
            Which countries border {country}?
            Neighbors of {country}
            What are the neighboring countries of {country}?
            borders {country}
            List the countries next to {country}
            Who are the neighbors of {country} on the map?
            With which countries does {country} share a border?
            If I leave {country} by land, where can I end up?
            Name all nations adjacent to {country}
            What lies around {country}? I mean the countries
        """),
        answer("country", neighbors=lambda random: random.sample(COUNTRIES, random.randint(1, 4))),
        names=("bordering_countries", "get_neighbors"),
    ),
    FunctionSpec(
        "city_distance",
        _DOMAIN,
        "Distance between two cities",
        (
            text("start", city, names=("from_city",)),
            text("end", city, names=("to_city",)),
            choice("unit", ("kilometers", "miles"), required=False, default="kilometers"),
        ),
        lines("""
            How far is it from {start} to {end}[ in {unit}]?
            Distance between {start} and {end}[ in {unit}]
            What is the distance from {start} to {end}[ in {unit}]?
            distance {start} {end}[ {unit}]
            How many[ {unit}] is {end} away from {start}?
            Tell me how far {start} and {end} are apart[ in {unit}]
            Measure the distance {start} - {end}[ in {unit}]
            Is {end} far away from {start}[? Answer in {unit}]
            As the crow flies, what separates {start} and {end}[ in {unit}]?
            How long is the line from {start} to {end}[, measured in {unit}]?
        """),
        answer("start", "end", "unit", distance=whole(40, 12000)),
        names=("distance_between", "get_distance"),
        relate=different("end", "start", city),
    ),
    FunctionSpec(
        "find_coordinates",
        _DOMAIN,
        "Latitude and longitude of a place",
        (text("place", mixed(city, lambda random: f"{address(random)}, {city(random)}"), names=("location",)),),
        lines("""
            What are the coordinates of {place}?
            Coordinates for {place}
            Find the latitude and longitude of {place}
            geocode {place}
            Where exactly is {place}? I need coordinates
            Give me the GPS position of {place}
            Look up latitude and longitude for {place}
            At what latitude does {place} lie?
            My drone needs the coordinates of {place}
            Turn {place} into a GPS point
        """),
        answer("place", latitude=_latitude, longitude=_longitude),
        names=("geocode", "get_coordinates"),
    ),
    FunctionSpec(
        "place_at",
        _DOMAIN,
        "What place lies at coordinates",
        (number("latitude", _latitude, names=("lat",)), number("longitude", _longitude, names=("lon",))),
        lines("""
            What is at latitude {latitude} and longitude {longitude}?
            Which place has the coordinates {latitude}, {longitude}?
            What place lies at {latitude}, {longitude}?
            reverse geocode {latitude} {longitude}
            Find the address at latitude {latitude}, longitude {longitude}
            Where am I if my GPS says {latitude}, {longitude}?
            Name the place at coordinates ({latitude}, {longitude})
            A photo was taken at {latitude}, {longitude}. What is there?
            The message gave {latitude} north and {longitude} east, which place is meant?
            Look up the position {latitude} / {longitude}
        """),
        answer(place=city),
        names=("reverse_geocode", "locate"),
    ),
    FunctionSpec(
        "point_distance",
        _DOMAIN,
        "Kilometers between two points on earth",
        (
            number("latitude", _latitude),
            number("longitude", _longitude),
            number("latitude_2", _latitude, names=("other_latitude",)),
            number("longitude_2", _longitude, names=("other_longitude",)),
        ),
        lines("""
            How far is it from {latitude}, {longitude} to {latitude_2}, {longitude_2}?
            Distance between the points ({latitude}, {longitude}) and ({latitude_2}, {longitude_2})
            great circle {latitude} {longitude} to {latitude_2} {longitude_2}
            Compute the distance from {latitude}, {longitude} to the point {latitude_2}, {longitude_2}
            A ship sails from {latitude}, {longitude} to {latitude_2}, {longitude_2}. How many kilometers?
            What separates the coordinates {latitude}, {longitude} and {latitude_2}, {longitude_2}?
            Kilometers between GPS {latitude}, {longitude} and GPS {latitude_2}, {longitude_2}
            My start is ({latitude}, {longitude}), my goal ({latitude_2}, {longitude_2}); how long is the way?
            Measure from {latitude}, {longitude} over the globe to {latitude_2}, {longitude_2}
            From latitude {latitude}, longitude {longitude} to latitude {latitude_2}, longitude {longitude_2}: distance?
        """),
        _point_distance,
        names=("great_circle", "gps_distance"),
    ),
    FunctionSpec(
        "city_facts",
        _DOMAIN,
        "Country, size and age of a city",
        (text("city", city, names=("name", "town")),),
        lines("""
            Tell me about the city of {city}
            How big is the city of {city}?
            Which country is {city} in?
            city facts {city}
            How old is the city {city}?
            Give me facts about the city {city}
            How many people live in the city of {city}?
            I know nothing about {city}; what kind of city is it?
            When was the town of {city} founded?
            Describe {city} to someone who has never heard of this city
        """),
        answer("city", country=country, population=magnitudes(90000, 20000000)),
        names=("city_info", "about_city"),
    ),
    FunctionSpec(
        "mountain_height",
        _DOMAIN,
        "Highest mountains of a country",
        (
            text("country", country, names=("nation",)),
            integer("count", whole(2, 15), "how many", required=False, default=1),
        ),
        lines("""
            What is the highest mountain in {country}[? Name the top {count}]
            Show the[ {count}] highest mountains of {country}
            Which mountains of {country} are the tallest[, top {count}]?
            mountains {country}[ {count}]
            How high are the[ {count}] tallest mountains in {country}?
            Name the[ {count}] highest peaks of {country}
            I want to climb in {country}. What are the[ {count}] highest peaks?
            Where in {country} do the[ {count}] tallest peaks stand?
            Give me the[ {count}] biggest mountains that {country} has
            List[ {count}] summits of {country} by height
        """),
        answer("country", meters=whole(300, 8000)),
        names=("highest_mountain", "tallest_peaks"),
    ),
)
