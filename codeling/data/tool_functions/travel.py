"""Travel: flights, trains, hotels, cars, routes; bookings are simulated."""

from __future__ import annotations

from codeling.data.tool_functions.everyday_values import (
    address,
    city,
    clock,
    code,
    country,
    day,
    different,
    flight,
    full_name,
    hotel,
    price,
)
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, text
from codeling.data.tool_functions.values import mixed, one_of, whole

_DOMAIN = "travel"
_CABINS = ("economy", "business", "first")
_place = mixed(address, city)

FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "search_flights",
        _DOMAIN,
        "Search flights between two cities",
        (
            text("origin", city, names=("from_city", "departure")),
            text("destination", city, names=("to_city", "arrival")),
            text("date", day, names=("day",)),
            choice("cabin", _CABINS, required=False, default="economy"),
        ),
        lines("""
            Find flights from {origin} to {destination} {date}[ in {cabin} class]
            Search for a flight from {origin} to {destination} for {date}[, {cabin} class]
            flights {origin} to {destination} {date}[ {cabin}]
            I want to fly from {origin} to {destination} {date}[ in {cabin}]
            Which flights go from {origin} to {destination} {date}[ in {cabin} class]?
            Show me flights to {destination} from {origin}, {date}[, {cabin}]
            Are there planes from {origin} to {destination} {date}[ with {cabin} seats]?
            How can I fly to {destination} {date} if I start in {origin}[? I travel {cabin}]
            Look for air connections {origin} - {destination} {date}[, cabin {cabin}]
            {date} I have to get from {origin} to {destination} by plane[, {cabin} class]
        """),
        answer("origin", "destination", flight=flight, departure=clock, price=whole(40, 1900)),
        names=("find_flights", "flight_search"),
        relate=different("destination", "origin", city),
    ),
    FunctionSpec(
        "book_flight",
        _DOMAIN,
        "Book seats on a flight",
        (
            text("flight", flight, names=("flight_number",)),
            text("passenger", full_name, names=("name",)),
            integer("bags", whole(2, 5), required=False, default=0, names=("num_bags",)),
        ),
        lines("""
            Book flight {flight} for {passenger}[ with {bags} bags]
            Reserve a seat on {flight} for {passenger}[, {bags} bags]
            Please book {passenger} on flight {flight}[ with {bags} suitcases]
            book {flight}, passenger {passenger}[, {bags} bags]
            I'd like to book flight {flight} in the name of {passenger}[ and check {bags} bags]
            Get {passenger} a ticket for flight {flight}[ including {bags} bags]
            Can you buy a ticket on {flight} for {passenger}[ with {bags} pieces of luggage]?
            {passenger} wants to take flight {flight}[ with {bags} bags], please book it
            Put {passenger} on flight {flight}[; there are {bags} bags]
            We take {flight}: make the booking for {passenger}[ plus {bags} bags]
        """),
        answer("flight", booking=code),
        names=("reserve_flight", "buy_flight_ticket"),
    ),
    FunctionSpec(
        "flight_status",
        _DOMAIN,
        "Status of a flight",
        (text("flight", flight, names=("flight_number",)),),
        lines("""
            What is the status of flight {flight}?
            Is flight {flight} on time?
            flight status {flight}
            Has {flight} landed yet?
            Is there a delay for flight {flight}?
            When does flight {flight} arrive?
            Check the flight {flight} for me
            I am picking somebody up from {flight}. Is it late?
            Tell me where flight {flight} is now
            Any news about the plane with number {flight}?
        """),
        answer(
            "flight",
            status=one_of(("on time", "delayed", "landed", "boarding", "cancelled")),
            gate=lambda random: f"{random.choice('ABCD')}{random.randint(1, 60)}",
        ),
        names=("check_flight", "track_flight"),
    ),
    FunctionSpec(
        "search_hotels",
        _DOMAIN,
        "Search hotels in a city",
        (
            text("city", city, names=("location",)),
            integer("stars", whole(2, 5), "lowest rating", required=False, names=("min_stars",)),
            integer("max_price", whole(30, 500), "per night", required=False),
        ),
        lines("""
            Find hotels in {city}[ with {stars} stars][ under {max_price} per night]
            Which hotels are there in {city}[ with at least {stars} stars][ for at most {max_price} a night]?
            hotels {city}[ {stars} stars][ max {max_price}]
            Search for a hotel in {city}[, {stars} stars or more][, up to {max_price} a night]
            I need a place to sleep in {city}[ with {stars} stars][ below {max_price} per night]
            Show me[ {stars} star] hotels in {city}[ that cost no more than {max_price}]
            Where can I stay in {city}[ with {stars} stars][ for up to {max_price} per night]?
            I'm visiting {city}; what hotels[ with {stars} stars] are available[ under {max_price} a night]?
            Look for accommodation in {city}[, at least {stars} stars][, budget {max_price} per night]
            A[ {stars} star] hotel in {city}[ for less than {max_price}], please search
        """),
        answer("city", hotel=hotel, price=whole(30, 400)),
        names=("find_hotels", "hotel_search"),
    ),
    FunctionSpec(
        "book_hotel",
        _DOMAIN,
        "Book a hotel room",
        (
            text("hotel", hotel, names=("name",)),
            text("check_in", day, names=("arrival",)),
            integer("nights", whole(2, 21)),
            integer("guests", whole(2, 6), required=False, default=1, names=("num_guests",)),
            flag("breakfast", "with breakfast", "without breakfast", default=False),
        ),
        lines("""
            Book the {hotel} from {check_in} for {nights} nights[ for {guests} guests][ {breakfast}]
            Reserve a room at {hotel}, arriving {check_in}, {nights} nights[, {guests} guests][, {breakfast}]
            I want to stay {nights} nights at {hotel} starting {check_in}[ with {guests} people][, {breakfast}]
            {hotel}, check-in {check_in}, {nights} nights[, {guests} guests][, {breakfast}]
            Please get me a room in the {hotel} for {nights} nights from {check_in}[ for {guests} persons][ {breakfast}]
            Could you book {nights} nights in the {hotel} beginning {check_in}[ for {guests} guests][ {breakfast}]?
            Make a reservation at {hotel}: {nights} nights, check in {check_in}[, {guests} guests][, {breakfast}]
            We arrive {check_in} and sleep {nights} nights at {hotel}[; we are {guests} people][, {breakfast}]
            Have a room ready for me at {hotel} {check_in}, I stay {nights} nights[ with {guests} guests][, {breakfast}]
            From {check_in} on, {hotel} should keep a room for {nights} nights[ for {guests} guests][ {breakfast}]
        """),
        answer("hotel", "nights", booking=code),
        names=("reserve_hotel", "reserve_room"),
    ),
    FunctionSpec(
        "search_trains",
        _DOMAIN,
        "Search trains between two cities",
        (
            text("origin", city, names=("from_station",)),
            text("destination", city, names=("to_station",)),
            text("after", clock, "earliest departure", required=False),
            flag("direct", "direct trains only", "changes are fine"),
        ),
        lines("""
            Find trains from {origin} to {destination}[ after {after}][, {direct}]
            When do trains go from {origin} to {destination}[ after {after}][? {direct}]
            trains {origin} to {destination}[ from {after}][, {direct}]
            Which trains run between {origin} and {destination}[ leaving after {after}][, {direct}]?
            I need a train from {origin} to {destination}[, not before {after}][, {direct}]
            Show train connections from {origin} to {destination}[ after {after}][, {direct}]
            Train timetable {origin} - {destination}[, after {after}][, {direct}]
            How do I get from {origin} to {destination} by rail[, starting after {after}][, {direct}]?
            Going by train to {destination} from {origin}: what are my options[ after {after}][, {direct}]?
            Check the railway from {origin} to {destination}[ later than {after}][, {direct}]
        """),
        answer("origin", "destination", departure=clock, arrival=clock, price=whole(8, 180)),
        names=("find_trains", "train_schedule"),
        relate=different("destination", "origin", city),
    ),
    FunctionSpec(
        "rent_car",
        _DOMAIN,
        "Rent a car in a city",
        (
            text("city", city, names=("location",)),
            text("start", day, names=("pickup_date",)),
            integer("days", whole(2, 30)),
            choice("size", ("small", "medium", "large", "van"), required=False, names=("car_type",)),
        ),
        lines("""
            Rent a[ {size}] car in {city} from {start} for {days} days
            I need a rental car in {city} for {days} days starting {start}[, size {size}]
            Book a[ {size}] rental car in {city}, pickup {start}, {days} days
            rental car {city} {start} {days} days[ {size}]
            Get me a[ {size}] hire car in {city} for {days} days from {start}
            Can I rent a car in {city} {start} for {days} days[? It should be {size}]
            Reserve a car in {city} for {days} days, beginning {start}[, {size} please]
            We need wheels in {city} {start}: hire a[ {size}] car for {days} days
            For {days} days I want to drive a[ {size}] rented car in {city}, from {start}
            Starting {start}, have a[ {size}] car waiting in {city} for {days} days
        """),
        answer("city", "days", booking=code, price_per_day=whole(25, 140)),
        names=("car_rental", "hire_car"),
    ),
    FunctionSpec(
        "get_directions",
        _DOMAIN,
        "Directions from one place to another",
        (
            text("start", _place, names=("origin",)),
            text("end", _place, names=("destination",)),
            choice(
                "mode",
                ("driving", "walking", "cycling", "transit"),
                required=False,
                default="driving",
                names=("travel_mode",),
            ),
        ),
        lines("""
            How do I get from {start} to {end}[ by {mode}]?
            Give me directions from {start} to {end}[, {mode}]
            Directions to {end} from {start}[ {mode}]
            route {start} to {end}[ {mode}]
            Show me the way from {start} to {end}[ when {mode}]
            What is the best route from {start} to {end}[ for {mode}]?
            Navigate from {start} to {end}[, mode {mode}]
            I'm at {start} and must reach {end}. Which way[, {mode}]?
            Guide me to {end}, I start at {start}[ and go {mode}]
            Plan my path between {start} and {end}[ for {mode}]
        """),
        answer("start", "end", minutes=whole(4, 400), kilometers=whole(1, 500)),
        names=("directions", "find_route"),
        relate=different("end", "start", _place),
    ),
    FunctionSpec(
        "call_taxi",
        _DOMAIN,
        "Order a taxi",
        (
            text("pickup", address, names=("from_address",)),
            text("destination", address, names=("to_address",)),
            integer("passengers", whole(2, 7), required=False, default=1),
        ),
        lines("""
            Call a taxi from {pickup} to {destination}[ for {passengers} people]
            Order me a cab from {pickup} to {destination}[, {passengers} passengers]
            I need a taxi at {pickup} going to {destination}[ for {passengers} persons]
            taxi {pickup} to {destination}[, {passengers} people]
            Get a ride from {pickup} to {destination}[ for {passengers} passengers]
            Please send a taxi to {pickup}; we go to {destination}[ with {passengers} people]
            Book a cab picking up at {pickup} and dropping off at {destination}[, {passengers} riders]
            Somebody should drive me from {pickup} to {destination}, order a car[ for {passengers}]
            Let a taxi come to {pickup}, destination {destination}[, we are {passengers}]
            Cab please! From {pickup} to {destination}[ with {passengers} riders]
        """),
        answer("pickup", "destination", minutes=whole(2, 25), fare=price),
        names=("order_taxi", "get_ride"),
        relate=different("destination", "pickup", address),
    ),
    FunctionSpec(
        "visa_rules",
        _DOMAIN,
        "Visa rules for a country by nationality",
        (
            text("country", country, names=("destination",)),
            text("nationality", country, "country of the passport", names=("passport",)),
        ),
        lines("""
            Do I need a visa for {country} with a passport from {nationality}?
            Visa rules for {country} if I am a citizen of {nationality}
            visa {country}, passport {nationality}
            Can citizens of {nationality} enter {country} without a visa?
            What visa does somebody from {nationality} need to visit {country}?
            I have a passport of {nationality} and travel to {country}. Is a visa required?
            Tell me the entry rules of {country} for people from {nationality}
            My passport is from {nationality}; may I just go to {country}?
            How long may a person from {nationality} stay in {country} without a visa?
            Check the visa requirement: nationality {nationality}, going to {country}
        """),
        answer("country", visa_needed=lambda random: random.random() < 0.5, max_days=one_of((14, 30, 60, 90, 180))),
        names=("check_visa", "visa_requirements"),
        relate=different("nationality", "country", country),
    ),
    FunctionSpec(
        "tourist_sights",
        _DOMAIN,
        "Sights to see in a city",
        (
            text("city", city, names=("location",)),
            choice(
                "kind", ("museum", "park", "church", "market", "castle", "beach"), required=False, names=("category",)
            ),
        ),
        lines("""
            What can I see in {city}[? I like every {kind}]
            Show me tourist sights in {city}[ of the kind {kind}]
            sights in {city}[, {kind}]
            Which attractions are worth a visit in {city}[, kind {kind}]?
            I have a free day in {city}, what should I look at[, maybe a {kind}]?
            Recommend sightseeing in {city}[, a {kind} for example]
            List things to do in {city}[ like visiting a {kind}]
            What is {city} famous for among tourists[? A {kind} would be nice]
            Where should a tourist go in {city}[, preferably a {kind}]?
            Suggest an attraction in {city}[, it should be a {kind}]
        """),
        answer("city", sight=hotel, rating=whole(3, 5)),
        names=("find_attractions", "things_to_do"),
    ),
    FunctionSpec(
        "cancel_booking",
        _DOMAIN,
        "Cancel a travel booking",
        (
            text("booking", code, names=("booking_code", "reference")),
            flag("refund", "and ask for a refund", "without a refund"),
        ),
        lines("""
            Cancel booking {booking}[ {refund}]
            Please cancel my reservation {booking}[ {refund}]
            cancel trip {booking}[ {refund}]
            I can't travel, cancel {booking}[ {refund}]
            Delete the travel booking with code {booking}[ {refund}]
            My booking is {booking}. Cancel it[ {refund}]
            Could you call off the reservation {booking}[ {refund}]?
            Our plans changed: drop the booking {booking}[ {refund}]
            We won't need the reservation {booking} any more, cancel it[ {refund}]
            Annul the booking that has the reference {booking}[ {refund}]
        """),
        answer("booking", cancelled=True),
        names=("cancel_reservation", "cancel_trip"),
    ),
)
