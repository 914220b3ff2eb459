"""Weather, air, sun and sea: plausible numbers, simulated; wind chill and heat index are really computed."""

from __future__ import annotations

from codeling.data.tool_functions.everyday_values import city, clock, country, day
from codeling.data.tool_functions.mathematics import tidy
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, number, text
from codeling.data.tool_functions.values import decimal, mixed, one_of, whole

_DOMAIN = "weather"
_sky = one_of(("sunny", "cloudy", "rain", "snow", "fog", "thunderstorm", "clear", "drizzle"))


def wind_chill(temperature: float, wind: float) -> float:
    """Felt temperature in °C for air in °C and wind in km/h: the formula of 2001 of Environment Canada and the NWS."""
    factor = wind**0.16
    return tidy(round(13.12 + 0.6215 * temperature - 11.37 * factor + 0.3965 * temperature * factor, 1))


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "current_weather",
        _DOMAIN,
        "Current weather in a city",
        (
            text("city", city, names=("location", "place")),
            choice("unit", ("celsius", "fahrenheit"), required=False, default="celsius"),
        ),
        lines("""
            What is the weather like in {city} right now[, in {unit}]?
            How is the weather in {city}[ in {unit}]?
            Current weather in {city}[, {unit}]
            weather {city} now[ {unit}]
            Tell me the current weather for {city}[ in {unit}]
            How warm is it in {city} at the moment[, in {unit}]?
            Is it raining in {city} now[? Temperatures in {unit} please]
            What's the temperature in {city} right now[ in degrees {unit}]?
            Do I need a coat in {city} at this moment[? Use {unit}]
            Give me the present conditions in {city}[ in {unit}]
        """),
        answer("city", temperature=whole(-12, 38), sky=_sky),
        names=("get_weather", "weather_now"),
    ),
    FunctionSpec(
        "weather_forecast",
        _DOMAIN,
        "Weather forecast for the next days",
        (text("city", city, names=("location", "place")), integer("days", whole(2, 14), names=("num_days",))),
        lines("""
            What will the weather be in {city} for the next {days} days?
            Give me the {days}-day forecast for {city}
            Weather forecast for {city}, {days} days
            How will the weather develop in {city} over the next {days} days?
            forecast {city} {days} days
            I'm in {city} for {days} days, what weather is coming?
            Show the forecast of the coming {days} days in {city}
            Predict the weather in {city} for {days} days
            I travel to {city} for {days} days; what weather should I pack for?
            In the {days} days ahead, will it be nice in {city}?
        """),
        answer("city", high=whole(5, 38), low=whole(-12, 4), sky=_sky),
        names=("get_forecast", "forecast"),
    ),
    FunctionSpec(
        "rain_chance",
        _DOMAIN,
        "Chance of rain in a city on a day",
        (text("city", city, names=("location",)), text("day", day, names=("date", "when"))),
        lines("""
            Will it rain in {city} {day}?
            How likely is rain in {city} {day}?
            Chance of rain in {city}, {day}
            rain {city} {day}?
            Do I need an umbrella in {city} {day}?
            What is the probability of rain in {city} for {day}?
            Tell me if rain is expected in {city} {day}
            We have a picnic in {city} {day}. Will it stay dry?
            Can I hang out the laundry in {city} {day} or is rain coming?
            For {day}, how big is the risk of rain in {city}?
        """),
        answer("city", "day", percent=whole(0, 100)),
        names=("chance_of_rain", "rain_probability"),
    ),
    FunctionSpec(
        "air_quality",
        _DOMAIN,
        "Air quality index of a city",
        (text("city", city, names=("location",)),),
        lines("""
            How is the air quality in {city}?
            What is the air quality index of {city}?
            air quality {city}
            Is the air in {city} clean today?
            Show me the air pollution in {city}
            How polluted is the air in {city}?
            Give me the AQI for {city}
            Can I go running outside in {city} or is the air too bad?
            Tell me about smog in {city}
            Is breathing the air of {city} healthy?
        """),
        answer("city", index=whole(5, 220)),
        names=("get_air_quality", "air_pollution"),
    ),
    FunctionSpec(
        "sun_times",
        _DOMAIN,
        "Sunrise and sunset of a city on a day",
        (text("city", city, names=("location",)), text("day", day, required=False, default="today", names=("date",))),
        lines("""
            When does the sun rise in {city}[ {day}]?
            When is sunset in {city}[ {day}]?
            Sunrise and sunset for {city}[, {day}]
            sun times {city}[ {day}]
            What time does the sun set in {city}[ {day}]?
            Tell me the sunrise time in {city}[ for {day}]
            How long is it light in {city}[ {day}]? Give sunrise and sunset
            At what time will it get dark in {city}[ {day}]?
            I want to watch the sunrise in {city}[ {day}]. When is it?
            From when until when is the sun up in {city}[ {day}]?
        """),
        answer(
            "city",
            sunrise=lambda random: f"0{random.randint(4, 8)}:{random.randint(10, 59)}",
            sunset=lambda random: f"{random.randint(16, 21)}:{random.randint(10, 59)}",
        ),
        names=("sunrise_sunset", "get_sun_times"),
    ),
    FunctionSpec(
        "uv_index",
        _DOMAIN,
        "Ultraviolet index of a city",
        (text("city", city, names=("location",)),),
        lines("""
            What is the UV index in {city}?
            How strong is the UV radiation in {city}?
            uv index {city}
            Do I need sunscreen in {city}?
            UV level in {city} please
            Tell me the ultraviolet index for {city}
            Is the sun in {city} dangerous for my skin?
            Show the UV value of {city}
            Could I get a sunburn in {city} today?
            How high are the ultraviolet levels in {city}?
        """),
        answer("city", uv_index=whole(0, 11)),
        names=("get_uv_index", "uv_level"),
    ),
    FunctionSpec(
        "wind_chill",
        _DOMAIN,
        "Felt temperature of cold air with wind",
        (
            number("temperature", mixed(whole(-30, 9), decimal(-20, 9)), "celsius"),
            number("wind", whole(6, 90), "km/h", names=("wind_speed",)),
        ),
        lines("""
            What does {temperature} degrees feel like with a wind of {wind} km/h?
            Wind chill for {temperature} °C and {wind} km/h
            Compute the wind chill at {temperature} degrees with {wind} km/h of wind
            wind chill {temperature}, wind {wind}
            It is {temperature} degrees and the wind blows at {wind} km/h. How cold does it feel?
            Felt temperature when it is {temperature} °C with wind at {wind} km/h?
            How cold is {temperature} degrees in a {wind} km/h wind?
            At {temperature} °C, what does a wind of {wind} km/h make it feel like?
            With {wind} km/h of wind, how do {temperature} degrees feel on the skin?
            I cycle at {temperature} degrees against {wind} km/h of wind, how icy will it feel?
        """),
        lambda a, random: {"feels_like": wind_chill(a["temperature"], a["wind"])},
        names=("feels_like", "compute_wind_chill"),
    ),
    FunctionSpec(
        "weather_alerts",
        _DOMAIN,
        "Official weather warnings of a country",
        (
            text("country", country, names=("region",)),
            choice("level", ("yellow", "orange", "red"), "lowest level", required=False),
        ),
        lines("""
            Are there weather warnings in {country}[ at {level} level]?
            Show weather alerts for {country}[, {level} or higher]
            weather warnings {country}[ {level}]
            Any storm warnings in {country}[ of level {level}]?
            Which official weather alerts are active in {country}[ from {level} on]?
            Tell me about severe weather warnings for {country}[, {level} ones]
            Is there a weather alert in {country}[ with level {level}]?
            Does the weather service of {country} warn of anything[ {level}]?
            Before I drive through {country}, list the weather warnings[ that are {level}]
            What weather dangers are announced in {country}[ at level {level}]?
        """),
        answer("country", alerts=whole(0, 6)),
        names=("weather_warnings", "storm_alerts"),
    ),
    FunctionSpec(
        "snow_depth",
        _DOMAIN,
        "Snow depth near a town",
        (
            text("place", city, names=("town", "location")),
            flag("fresh", "counting fresh snow only", "counting all snow"),
        ),
        lines("""
            How much snow is there in {place}[, {fresh}]?
            Snow depth in {place}[, {fresh}]
            snow {place}[, {fresh}]
            How deep is the snow in {place}[, {fresh}]?
            Is there enough snow for skiing near {place}[, {fresh}]?
            Tell me the snow height at {place}[ {fresh}]
            How many centimeters of snow does {place} have[, {fresh}]?
            Can we go sledding in {place}? Check the snow depth[ {fresh}]
            Measure the snow around {place} for me[, {fresh}]
            What about snow in {place}, is it deep[, {fresh}]?
        """),
        answer("place", centimeters=whole(0, 180)),
        names=("get_snow", "snow_report"),
    ),
    FunctionSpec(
        "tide_times",
        _DOMAIN,
        "High and low tide of a harbor on a day",
        (text("harbor", city, names=("port",)), text("day", day, names=("date",))),
        lines("""
            When is high tide in {harbor} {day}?
            Tide times for {harbor}, {day}
            tides {harbor} {day}
            When will the tide be low at {harbor} {day}?
            Give me the tides of {harbor} for {day}
            We sail from {harbor} {day}. When is high water?
            What are the high and low tides at {harbor} {day}?
            Tell me the tide table of {harbor} for {day}
            I want to walk on the beach of {harbor} {day}, when is low tide?
            Show at what times the water is high in {harbor} {day}
        """),
        answer("harbor", "day", high=clock, low=clock),
        names=("get_tides", "tide_table"),
    ),
    FunctionSpec(
        "past_weather",
        _DOMAIN,
        "Weather that a city had on a past date",
        (
            text("city", city, names=("location",)),
            text(
                "date",
                lambda random: f"{random.randint(1950, 2023)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
            ),
        ),
        lines("""
            What was the weather in {city} on {date}?
            How warm was it in {city} on {date}?
            Weather history of {city}, {date}
            past weather {city} {date}
            Did it rain in {city} on {date}?
            Look up the weather of {date} in {city}
            Tell me what weather {city} had on {date}
            I was born in {city} on {date}. What was the weather that day?
            Find the recorded temperature of {date} for {city}
            Was {date} a sunny day in {city}?
        """),
        answer("city", "date", temperature=whole(-12, 38), sky=_sky),
        names=("weather_history", "historical_weather"),
    ),
)
