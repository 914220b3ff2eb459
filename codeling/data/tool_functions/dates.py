"""Dates and times of day: all of them really computed, but for the current time, which is simulated."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta, timezone
from random import Random
from typing import Any

from codeling.data.tool_functions.everyday_values import MONTHS, WEEKDAYS, city, clock, different, in_order
from codeling.data.tool_functions.spec import FunctionSpec, choice, flag, integer, lines, text
from codeling.data.tool_functions.values import iso_date, magnitudes, mixed, one_of, whole

_DOMAIN = "dates"


def _birth_date(random: Random) -> str:
    return f"{random.randint(1930, 2015)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def _recent_date(random: Random) -> str:
    return f"{random.randint(2016, 2035)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def _zone(random: Random) -> str:
    return f"UTC{random.randint(-11, 12):+d}"


def _twelve_hour_clock(random: Random) -> str:
    return f"{random.randint(1, 12)}:{random.randint(0, 59):02} {random.choice(('am', 'pm'))}"


def _shifted(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _minutes(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def _clock_of(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _plus_months(day: str, months: int) -> str:
    """The same day of a later month; the month's last day where it is too short."""
    start = date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).isoformat()


def _age(birth: str, day: str) -> int:
    born, then = date.fromisoformat(birth), date.fromisoformat(day)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def _workdays(start: str, end: str) -> int:
    first, last = sorted((date.fromisoformat(start), date.fromisoformat(end)))
    return sum((first + timedelta(days=n)).weekday() < 5 for n in range((last - first).days))


def _easter(year: int) -> str:
    """Easter Sunday of the Gregorian calendar: Butcher's algorithm of 1876, as given by Meeus."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1).isoformat()


def _in_zone(time: str, here: str, there: str) -> str:
    return _clock_of(_minutes(time) + 60 * (int(there[3:]) - int(here[3:])))


def _formatted(day: str, style: str) -> str:
    parsed = date.fromisoformat(day)
    month = MONTHS[parsed.month - 1]
    styles = {
        "american": f"{parsed.month}/{parsed.day}/{parsed.year}",
        "european": f"{parsed.day}.{parsed.month}.{parsed.year}",
        "long": f"{WEEKDAYS[parsed.weekday()]}, {parsed.day} {month} {parsed.year}",
        "compact": f"{parsed.year}{parsed.month:02}{parsed.day:02}",
    }
    return styles[style]


def _as_24_hours(time: str) -> str:
    written, half = time.split()
    return _clock_of(_minutes(written) % 720 + (720 if half == "pm" else 0))


def _timestamp(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=timezone.utc).timestamp())


def _month_length(a: dict[str, Any], random: Random) -> Any:
    return {"days": calendar.monthrange(a["year"], MONTHS.index(a["month"]) + 1)[1]}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "days_between",
        _DOMAIN,
        "Count the days between two dates",
        (text("start", iso_date, names=("from_date",)), text("end", iso_date, names=("to_date",))),
        lines("""
            How many days are there between {start} and {end}?
            Days between {start} and {end}
            Count the days from {start} to {end}
            I leave on {start} and return on {end}. How many days is that?
            How far apart are {start} and {end} in days?
            Number of days from {start} until {end}, please
            What is the difference in days between the dates {start} and {end}?
            day difference {start} {end}
            From {start} to {end}, how many days go by?
            If something starts on {start} and ends on {end}, how many days does it last?
            Can you count how many days lie between {start} and {end}?
        """),
        lambda a, random: {"days": abs((date.fromisoformat(a["end"]) - date.fromisoformat(a["start"])).days)},
        names=("date_difference", "count_days"),
        relate=in_order("start", "end"),
    ),
    FunctionSpec(
        "add_days",
        _DOMAIN,
        "Date a number of days after a date",
        (text("date", iso_date), integer("days", magnitudes(2, 900))),
        lines("""
            What date is {days} days after {date}?
            Add {days} days to {date}
            Which day comes {days} days after {date}?
            {date} plus {days} days
            Starting on {date}, what is the date {days} days later?
            I need the date {days} days after {date}
            Count {days} days forward from {date}
            Take {date} and go {days} days ahead
            My visa starts on {date} and lasts {days} days. When does it end?
            If I plant seeds on {date} and they need {days} days, when are they ready?
            Tell me the date that follows {date} by {days} days
        """),
        lambda a, random: {"date": _shifted(a["date"], a["days"])},
        names=("date_plus_days", "days_after"),
    ),
    FunctionSpec(
        "subtract_days",
        _DOMAIN,
        "Date a number of days before a date",
        (text("date", iso_date), integer("days", magnitudes(2, 900))),
        lines("""
            What date was {days} days before {date}?
            Subtract {days} days from {date}
            Go back {days} days from {date}
            {date} minus {days} days
            Which date lies {days} days before {date}?
            I must apply {days} days before {date}. Which date is that?
            Count {days} days backwards from {date}
            Tell me the day {days} days earlier than {date}
            The deadline is {date} and I need {days} days of work. When must I begin?
            What was the date {days} days prior to {date}?
            Starting from {date}, move {days} days into the past
        """),
        lambda a, random: {"date": _shifted(a["date"], -a["days"])},
        names=("date_minus_days", "days_before"),
    ),
    FunctionSpec(
        "add_months",
        _DOMAIN,
        "Date a number of months after a date",
        (text("date", iso_date), integer("months", whole(2, 48))),
        lines("""
            What date is {months} months after {date}?
            Add {months} months to {date}
            {date} plus {months} months
            A contract of {months} months starts on {date}. When does it end?
            Which date is {months} months later than {date}?
            Go {months} months forward from {date}
            I need the date {months} months after {date}
            Starting on {date}, when are {months} months over?
            My guarantee began on {date} and runs for {months} months; until when?
            Move {date} ahead by {months} months
            In {months} months from {date}, what will the date be?
        """),
        lambda a, random: {"date": _plus_months(a["date"], a["months"])},
        names=("date_plus_months", "months_after"),
    ),
    FunctionSpec(
        "day_of_week",
        _DOMAIN,
        "Weekday of a date",
        (text("date", iso_date),),
        lines("""
            What day of the week is {date}?
            Which weekday was {date}?
            On what weekday does {date} fall?
            weekday of {date}
            Is {date} a Monday, or which day of the week?
            Tell me the weekday for {date}
            {date}, what day of the week is that?
            Find the day of the week for {date}
            Was {date} a weekday or on the weekend? Name the day
            Which day of the week will it be on {date}?
            I was born on {date}, what weekday was it?
        """),
        lambda a, random: {"weekday": WEEKDAYS[date.fromisoformat(a["date"]).weekday()]},
        names=("get_weekday", "weekday_of"),
    ),
    FunctionSpec(
        "is_leap_year",
        _DOMAIN,
        "Tell whether a year is a leap year",
        (integer("year", whole(1583, 2400)),),
        lines("""
            Is {year} a leap year?
            Was {year} a leap year?
            Check whether {year} is a leap year
            leap year {year}?
            Does {year} have 366 days?
            Tell me if {year} is a leap year or not
            Is there a February 29 in {year}?
            Did the year {year} have an extra day?
            Find out if {year} was a leap year
            How about {year}: leap year, yes or no?
            Does February have 29 days in {year}?
        """),
        lambda a, random: {"leap_year": calendar.isleap(a["year"])},
        names=("check_leap_year", "leap_year"),
    ),
    FunctionSpec(
        "days_in_month",
        _DOMAIN,
        "Number of days of a month",
        (text("month", one_of(MONTHS)), integer("year", whole(1900, 2100))),
        lines("""
            How many days does {month} {year} have?
            How many days are in {month} of {year}?
            days in {month} {year}
            What is the length of {month} {year}?
            Count the days of {month} {year}
            Tell me how long {month} was in {year}
            In {year}, how many days did {month} have?
            How long is {month} in the year {year}?
            {month} {year}: how many days?
            Is {month} {year} a month of 30 or 31 days?
            What is the last day number of {month} {year}?
        """),
        _month_length,
        names=("month_length", "get_month_days"),
    ),
    FunctionSpec(
        "week_number",
        _DOMAIN,
        "ISO week number of a date",
        (text("date", iso_date),),
        lines("""
            Which week of the year is {date}?
            What is the week number of {date}?
            week number for {date}
            In which calendar week does {date} fall?
            Tell me the ISO week of {date}
            {date}: which week is that?
            Calendar week of {date}, please
            Find the week number that belongs to {date}
            My delivery is planned for {date}, what calendar week is that?
            Give me the number of the week containing {date}
            What week are we in on {date}?
        """),
        lambda a, random: {"week": date.fromisoformat(a["date"]).isocalendar()[1]},
        names=("get_week_number", "calendar_week"),
    ),
    FunctionSpec(
        "day_of_year",
        _DOMAIN,
        "Number of a day within its year",
        (text("date", iso_date),),
        lines("""
            Which day of the year is {date}?
            What number day in the year is {date}?
            day of year {date}
            Tell me the day of the year for {date}
            How many days into the year is {date}?
            Count which day of its year {date} is
            {date} is the how-manieth day of the year?
            Give me the ordinal day of {date}
            On {date}, what is the day number of the year?
            If January 1 is day one, which day is {date}?
            Find the day number within the year for {date}
        """),
        lambda a, random: {"day": date.fromisoformat(a["date"]).timetuple().tm_yday},
        names=("ordinal_day", "get_year_day"),
    ),
    FunctionSpec(
        "age_on_date",
        _DOMAIN,
        "Age of a person on a date",
        (text("birth_date", _birth_date, names=("born",)), text("date", _recent_date, names=("on_date",))),
        lines("""
            How old is someone born on {birth_date} on {date}?
            I was born on {birth_date}. How old will I be on {date}?
            Age on {date} for birth date {birth_date}
            Compute the age on {date} of a person born {birth_date}
            My son was born on {birth_date}; how old is he on {date}?
            born {birth_date}, age at {date}?
            What is the age of somebody with birthday {birth_date} on {date}?
            Tell me how old a person born on {birth_date} was on {date}
            On {date}, how many years old is someone whose birth date is {birth_date}?
            Her birth date is {birth_date}. What is her age on {date}?
            How many birthdays has a person born on {birth_date} had by {date}?
        """),
        lambda a, random: {"years": _age(a["birth_date"], a["date"])},
        names=("calculate_age", "compute_age"),
    ),
    FunctionSpec(
        "convert_time_zone",
        _DOMAIN,
        "Convert a time between time zones",
        (text("time", clock), text("from_zone", _zone, names=("source",)), text("to_zone", _zone, names=("target",))),
        lines("""
            What is {time} {from_zone} in {to_zone}?
            Convert {time} from {from_zone} to {to_zone}
            If it is {time} in {from_zone}, what time is it in {to_zone}?
            {time} {from_zone} to {to_zone}
            Translate {time} in time zone {from_zone} into {to_zone}
            Our call is at {time} {from_zone}, when is that in {to_zone}?
            Change the time {time} from zone {from_zone} to zone {to_zone}
            Shift {time} {from_zone} into the {to_zone} zone
            A show starts at {time} {from_zone}. I live in {to_zone}; when must I watch?
            At {time} {from_zone}, what do the clocks in {to_zone} say?
            Tell me the {to_zone} time when it is {time} in {from_zone}
        """),
        lambda a, random: {"time": _in_zone(a["time"], a["from_zone"], a["to_zone"])},
        names=("time_zone_conversion", "change_time_zone"),
        relate=different("to_zone", "from_zone", _zone),
    ),
    FunctionSpec(
        "current_time",
        _DOMAIN,
        "Current local time of a city",
        (
            text("city", city, names=("location",)),
            flag("date_too", "with the date", "without the date", "add the date"),
        ),
        lines("""
            What time is it in {city}[, {date_too}]?
            Current time in {city}[ {date_too}]
            Tell me the local time in {city}[, {date_too}]
            How late is it in {city} now[, {date_too}]?
            time in {city} now[ {date_too}]
            I want to call a friend in {city}. What time is it there[, {date_too}]?
            Give me the time of {city}[ {date_too}]
            What is the clock showing in {city}[, {date_too}]?
            Is it late in {city} already? Show the time[ {date_too}]
            Right now in {city}, what is the time[, {date_too}]?
            Check the local clock of {city}[, {date_too}]
        """),
        lambda a, random: {"time": clock(random), **({"date": _recent_date(random)} if a["date_too"] else {})},
        names=("get_time", "local_time"),
    ),
    FunctionSpec(
        "time_difference",
        _DOMAIN,
        "Minutes between two times of a day",
        (text("start", clock), text("end", clock)),
        lines("""
            How many minutes are there between {start} and {end}?
            How long is it from {start} to {end}?
            Minutes from {start} until {end}
            I start at {start} and stop at {end}. How long is that?
            time between {start} and {end}
            A film runs from {start} to {end}. How many minutes?
            What is the duration between the times {start} and {end}?
            Compute the time difference of {start} and {end}
            The train leaves at {start} and arrives at {end}; how long is the ride?
            My shift goes from {start} to {end}, how many minutes is it?
            Tell me how much time passes from {start} to {end}
        """),
        lambda a, random: {"minutes": abs(_minutes(a["end"]) - _minutes(a["start"]))},
        names=("minutes_between", "time_span"),
        relate=in_order("start", "end"),
    ),
    FunctionSpec(
        "add_minutes",
        _DOMAIN,
        "Time of day some minutes later",
        (text("time", clock), integer("minutes", magnitudes(3, 600))),
        lines("""
            What time is it {minutes} minutes after {time}?
            Add {minutes} minutes to {time}
            {time} plus {minutes} minutes
            I leave at {time} and drive {minutes} minutes. When do I arrive?
            Put a cake in at {time} for {minutes} minutes: when is it done?
            Starting at {time}, what is the time {minutes} minutes later?
            When are {minutes} minutes over if I begin at {time}?
            The class begins at {time} and takes {minutes} minutes. When does it end?
            Go {minutes} minutes forward from {time}
            At {time} I parked for {minutes} minutes. Until when may I stay?
            Which time comes {minutes} minutes after {time}?
        """),
        lambda a, random: {"time": _clock_of(_minutes(a["time"]) + a["minutes"])},
        names=("time_plus_minutes", "minutes_after"),
    ),
    FunctionSpec(
        "format_date",
        _DOMAIN,
        "Write a date in another style",
        (text("date", iso_date), choice("style", ("american", "european", "long", "compact"))),
        lines("""
            Write {date} in {style} style
            Format the date {date} in the {style} way
            Show {date} in {style} format
            {date} in {style} notation, please
            Convert {date} to the {style} date style
            How is {date} written in {style} form?
            format {date} {style}
            I need {date} as a {style} date
            Please turn the date {date} into {style} form
            For the invoice, {date} should be in {style} format
            What does {date} look like in the {style} style?
        """),
        lambda a, random: {"text": _formatted(a["date"], a["style"])},
        names=("date_format", "write_date"),
    ),
    FunctionSpec(
        "count_workdays",
        _DOMAIN,
        "Count Mondays to Fridays between two dates",
        (text("start", _recent_date), text("end", _recent_date)),
        lines("""
            How many working days are there from {start} to {end}?
            Workdays between {start} and {end}
            Count the business days from {start} to {end}
            business days {start} {end}
            How many weekdays, Monday to Friday, lie between {start} and {end}?
            I have holidays from {start} to {end}; how many working days is that?
            Number of business days between {start} and {end}
            From {start} to {end}, how often do I have to work if weekends are free?
            Without weekends, how many days are there between {start} and {end}?
            Compute the working days in the period {start} to {end}
            Leaving out Saturdays and Sundays, count the days from {start} to {end}
        """),
        lambda a, random: {"workdays": _workdays(a["start"], a["end"])},
        names=("business_days", "workdays_between"),
        relate=in_order("start", "end"),
    ),
    FunctionSpec(
        "easter_date",
        _DOMAIN,
        "Date of Easter Sunday in a year",
        (integer("year", whole(1600, 2300)),),
        lines("""
            When is Easter in {year}?
            When was Easter Sunday {year}?
            Date of Easter {year}
            easter {year}
            On which date does Easter fall in {year}?
            Find the date of Easter Sunday for {year}
            Tell me when Easter is celebrated in {year}
            In {year}, when is Easter?
            I plan ahead: what is the Easter date of {year}?
            Which Sunday was Easter in the year {year}?
            Compute the day of Easter for the year {year}
        """),
        lambda a, random: {"date": _easter(a["year"])},
        names=("find_easter", "get_easter_date"),
    ),
    FunctionSpec(
        "date_to_timestamp",
        _DOMAIN,
        "Unix timestamp of a date at midnight UTC",
        (text("date", iso_date),),
        lines("""
            What is the Unix timestamp of {date}?
            Convert {date} to a Unix timestamp
            timestamp for {date}
            Give me {date} as seconds since 1970
            Turn the date {date} into a timestamp
            How many seconds after the epoch is {date}?
            {date} in Unix time, please
            Unix time at midnight of {date}?
            I need the epoch seconds of {date}
            Express {date} as a Unix timestamp
            Which timestamp belongs to the date {date}?
        """),
        lambda a, random: {"timestamp": _timestamp(a["date"])},
        names=("to_unix_time", "date_to_epoch"),
    ),
    FunctionSpec(
        "timestamp_to_date",
        _DOMAIN,
        "Date and time of a Unix timestamp",
        (integer("timestamp", mixed(whole(10**8, 2 * 10**9), whole(10**9, 2 * 10**9))),),
        lines("""
            Which date is the Unix timestamp {timestamp}?
            Convert the timestamp {timestamp} to a date
            timestamp {timestamp} to date
            What moment is {timestamp} in Unix time?
            Turn {timestamp} seconds since 1970 into a date
            The log says {timestamp}, a Unix timestamp. When was that?
            Show the date and time of timestamp {timestamp}
            Read the epoch value {timestamp} as a date
            When was it {timestamp} seconds after the epoch?
            What day does the Unix time {timestamp} stand for?
            Decode timestamp {timestamp}, please
        """),
        lambda a, random: {"date": datetime.fromtimestamp(a["timestamp"], timezone.utc).strftime("%Y-%m-%d %H:%M:%S")},
        names=("from_unix_time", "epoch_to_date"),
    ),
    FunctionSpec(
        "to_24_hour_time",
        _DOMAIN,
        "Convert an am or pm time to 24 hours",
        (text("time", _twelve_hour_clock),),
        lines("""
            What is {time} in 24 hour time?
            Convert {time} to 24-hour format
            {time} in 24 hours
            Write {time} as military time
            Change {time} into the 24 hour clock
            How do I write {time} on a 24-hour clock?
            24h time for {time}?
            My ticket says {time}; what is it in 24-hour time?
            Give me {time} without am or pm
            Turn {time} into a time between 00:00 and 23:59
            On a 24-hour watch, what is {time}?
        """),
        lambda a, random: {"time": _as_24_hours(a["time"])},
        names=("convert_to_24_hours", "military_time"),
    ),
)
