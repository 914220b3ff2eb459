# ruff: noqa: E501, SIM905  (each line is one entry of a table; wrapped, it could not be scanned)
"""The pools of the everyday functions: people, places, titles, chores, messages, dates in words, references.

They go on where ``values`` (files, hosts, numbers) ends. Words are combined, so that nearly every value is new and has
to be copied from the request; each draw takes a ``Random`` and returns one value.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from codeling.data.tool_functions.spec import Draw

FIRST_NAMES = tuple(
    """Ada Adam Aisha Alan Alice Amara Amir Anita Anton Aria Arthur Asha Ben Bianca Boris Brenda Bruno Carla Carlos Carmen
    Cedric Chloe Clara Colin Dana Daniel Daria David Deepa Diego Dina Dora Edgar Elena Elif Emeka Emil Emma Erik Esther
    Fatima Felix Fiona Frank Freya Gabriel Gina Grace Greta Gustav Hana Harold Hassan Heidi Hugo Ibrahim Ida Igor Ines
    Ingrid Isaac Ivy Jack Jamal Jana Jasper Jelena Joel Jonas Julia Kai Karim Kate Keiko Kofi Lars Laura Leila Leo Lena
    Liam Lin Lucia Luis Maeve Malik Marco Maria Marta Mateo Maya Mehmet Mila Mina Nadia Naomi Nikhil Nina Noah Nora Olga
    Oliver Omar Oscar Paula Pavel Pedro Petra Priya Quentin Rachel Rafael Rahul Rania Ravi Rita Robin Rosa Ruth Sam Sara
    Sanjay Selma Simon Sofia Stella Sven Tariq Teresa Theo Tina Tomas Uma Vera Victor Wanda Wei Xavier Yara Yuki Yusuf
    Zainab Zara Zoe""".split()
)
LAST_NAMES = tuple(
    """Abbott Ahmed Almeida Andersen Baker Barros Bauer Becker Bennett Berg Bishop Blake Brandt Brooks Burke Campos Carter
    Castillo Chen Clarke Cohen Costa Cruz Dalton Diaz Dixon Duarte Dubois Eriksen Evans Farrell Ferrari Fischer Foster
    Fuentes Garcia Gomez Gordon Grant Gupta Hansen Harper Hayashi Herrera Hoffman Hughes Hussein Ito Ivanov Jansen Jensen
    Kapoor Keller Khan Kim Klein Kovacs Kumar Lambert Larsen Lehmann Lopez Madsen Malone Marino Mendez Meyer Miller Moreau
    Morris Mueller Murphy Nakamura Nguyen Novak Okafor Olsen Ortega Osman Parker Patel Pereira Petrov Quinn Ramos Reyes
    Rossi Russo Sanders Santos Sato Schmidt Sharma Silva Singh Sokolov Stone Suzuki Tanaka Torres Tran Turner Vargas Vega
    Wagner Walsh Weber Wong Yamada Young Zhang Ziegler""".split()
)
CITIES = (
    "Accra", "Amsterdam", "Ankara", "Antwerp", "Athens", "Auckland", "Austin", "Baltimore", "Bangkok", "Barcelona",
    "Belgrade", "Bergen", "Berlin", "Bilbao", "Bogota", "Bologna", "Boston", "Bratislava", "Brisbane", "Bristol",
    "Brussels", "Bucharest", "Budapest", "Buenos Aires", "Busan", "Cairo", "Calgary", "Cape Town", "Cardiff", "Chennai",
    "Chicago", "Cologne", "Copenhagen", "Cordoba", "Cork", "Dakar", "Dallas", "Delhi", "Denver", "Detroit", "Doha",
    "Dresden", "Dubai", "Dublin", "Edinburgh", "Florence", "Frankfurt", "Geneva", "Genoa", "Glasgow", "Granada", "Hamburg",
    "Hanoi", "Havana", "Helsinki", "Hong Kong", "Houston", "Istanbul", "Jakarta", "Kampala", "Kathmandu", "Krakow",
    "Kyoto", "Lagos", "Leeds", "Leipzig", "Lima", "Lisbon", "Liverpool", "Ljubljana", "London", "Los Angeles", "Lyon",
    "Madrid", "Malaga", "Manchester", "Manila", "Marseille", "Melbourne", "Mexico City", "Miami", "Milan", "Montreal",
    "Mumbai", "Munich", "Nairobi", "Naples", "New York", "Nice", "Osaka", "Oslo", "Ottawa", "Palermo", "Panama City",
    "Paris", "Perth", "Porto", "Prague", "Quito", "Reykjavik", "Riga", "Rio de Janeiro", "Rome", "Rotterdam", "Salzburg",
    "San Diego", "San Francisco", "Santiago", "Sao Paulo", "Sapporo", "Seattle", "Seoul", "Seville", "Shanghai",
    "Singapore", "Sofia", "Stockholm", "Stuttgart", "Sydney", "Taipei", "Tallinn", "Tbilisi", "Tokyo", "Toronto", "Turin",
    "Utrecht", "Valencia", "Vancouver", "Venice", "Vienna", "Vilnius", "Warsaw", "Wellington", "York", "Zagreb", "Zurich",
)  # fmt: skip
COUNTRIES = (
    "Albania", "Algeria", "Angola", "Argentina", "Armenia", "Australia", "Austria", "Belgium", "Bolivia", "Botswana",
    "Brazil", "Bulgaria", "Cambodia", "Cameroon", "Canada", "Chile", "China", "Colombia", "Costa Rica", "Croatia", "Cuba",
    "Cyprus", "Denmark", "Ecuador", "Egypt", "Estonia", "Ethiopia", "Fiji", "Finland", "France", "Georgia", "Germany",
    "Ghana", "Greece", "Guatemala", "Honduras", "Hungary", "Iceland", "India", "Indonesia", "Ireland", "Italy", "Jamaica",
    "Japan", "Jordan", "Kazakhstan", "Kenya", "Laos", "Latvia", "Lithuania", "Luxembourg", "Madagascar", "Malaysia",
    "Malta", "Mexico", "Moldova", "Mongolia", "Morocco", "Mozambique", "Namibia", "Nepal", "New Zealand", "Nigeria",
    "Norway", "Oman", "Pakistan", "Panama", "Paraguay", "Peru", "Poland", "Portugal", "Qatar", "Romania", "Rwanda",
    "Senegal", "Serbia", "Slovakia", "Slovenia", "South Africa", "Spain", "Sri Lanka", "Sweden", "Switzerland",
    "Tanzania", "Thailand", "Tunisia", "Turkey", "Uganda", "Ukraine", "Uruguay", "Vietnam", "Zambia",
)  # fmt: skip
ADJECTIVES = tuple(
    """amber ancient bitter bold brave bright broken calm clever cold crimson crooked curious dark deep distant drowsy
    early eastern empty faded fearless final floating forgotten fragile frozen gentle giant golden green happy hidden
    hollow humble hungry icy idle iron jolly last late lazy little lonely long lost loud lucky mellow midnight modern
    muddy narrow noble northern old pale patient plain polite proud purple quick quiet rainy rapid red restless royal
    rusty sandy second secret shy silent silver simple sleepy slow small smooth solar spare stormy strange summer sunny
    sweet swift tall tender third tiny velvet violet wandering warm western white wild winter wise wooden yellow
    young""".split()
)
NOUNS = tuple(
    """anchor apple arrow autumn badge bakery balloon barrel basket beacon bell bicycle blanket boat bottle branch bridge
    bucket button cabin cactus camera candle canyon captain carpet castle cellar circle cliff clock cloud coast compass
    corner cottage crown desert diamond dragon dream drum eagle echo engine feather fence ferry field fire flag forest
    fountain fox garden gate ghost giant glacier guitar hammer harbor harvest hill horizon island jacket journey jungle
    key kitchen ladder lagoon lake lantern leaf letter library lighthouse lion machine mango map market meadow mirror
    moon morning mountain museum needle notebook ocean orchard orchid palace paper parade parrot pearl pebble piano
    pillow pilot planet pocket postcard prairie promise puzzle rabbit railway ribbon river road rocket rope sailor school
    sea season secret shadow shell shore signal sky snow song spider spoon square stable star station stone storm story
    street sunset swan table teapot tide tiger torch tower town train tree tunnel valley vessel village violin voyage
    wagon wall water wave whale wheel whistle willow window wolf""".split()
)
STREETS = tuple(
    """Acorn Ash Baker Birch Bridge Cedar Chapel Cherry Church Clover Cross Elm Garden Grove Hazel Hill Juniper King Lake
    Laurel Lime Maple Market Meadow Mill Oak Olive Orchard Park Pine Poplar Prince Queen River Rose School Station Sycamore
    Temple Victoria Walnut Water Willow Windmill""".split()
)
FOODS = (
    "apples", "apricots", "asparagus", "avocados", "bacon", "bananas", "barley", "basil", "beans", "beef", "beets",
    "blueberries", "bread", "broccoli", "brown rice", "butter", "cabbage", "carrots", "cashews", "cauliflower", "celery",
    "cheddar", "cherries", "chicken", "chickpeas", "chocolate", "coconut milk", "cod", "coffee", "corn", "cottage cheese",
    "couscous", "cream", "cucumber", "dates", "eggplant", "eggs", "feta", "figs", "flour", "garlic", "ginger", "grapes",
    "green tea", "ham", "hazelnuts", "honey", "kale", "kiwis", "lamb", "leeks", "lemons", "lentils", "lettuce", "limes",
    "mangoes", "milk", "mint", "mozzarella", "mushrooms", "noodles", "oats", "olive oil", "olives", "onions", "oranges",
    "paprika", "parsley", "pasta", "peaches", "peanut butter", "pears", "peas", "pepper", "pineapple", "plums", "pork",
    "potatoes", "prawns", "pumpkin", "quinoa", "radishes", "raisins", "raspberries", "rice", "rosemary", "salmon",
    "sardines", "sausages", "sesame", "spinach", "squash", "strawberries", "sugar", "sweet potatoes", "thyme", "tofu",
    "tomatoes", "trout", "tuna", "turkey", "turnips", "vanilla", "vinegar", "walnuts", "watermelon", "yogurt", "zucchini",
)  # fmt: skip
DISH_KINDS = ("soup", "curry", "stew", "salad", "pie", "risotto", "lasagna", "omelette", "casserole", "stir fry", "tacos",
              "pancakes", "burger", "sandwich", "pizza", "chili", "dumplings", "bake", "noodle bowl", "wrap")  # fmt: skip
CUISINES = ("Italian", "Thai", "Indian", "Mexican", "Japanese", "Greek", "Turkish", "Korean", "French", "Spanish",
            "Lebanese", "Vietnamese", "Ethiopian", "Peruvian", "Moroccan", "Chinese", "Polish", "Georgian")  # fmt: skip
LANGUAGES = ("Arabic", "Bengali", "Catalan", "Chinese", "Czech", "Danish", "Dutch", "English", "Estonian", "Finnish",
             "French", "German", "Greek", "Hebrew", "Hindi", "Hungarian", "Icelandic", "Indonesian", "Irish", "Italian",
             "Japanese", "Korean", "Latin", "Malay", "Norwegian", "Persian", "Polish", "Portuguese", "Romanian", "Russian",
             "Spanish", "Swahili", "Swedish", "Thai", "Turkish", "Ukrainian", "Urdu", "Vietnamese", "Welsh",
             "Zulu")  # fmt: skip
CURRENCIES = ("AED", "ARS", "BGN", "CLP", "COP", "EGP", "ILS", "ISK", "KES", "MAD", "MYR", "NGN", "PEN", "PHP", "RON", "SAR",
              "UAH", "VND", "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "INR", "CNY",
              "KRW", "BRL", "MXN", "ZAR", "TRY", "SGD", "HKD", "THB")  # fmt: skip
GOODS = (
    "backpack", "bicycle helmet", "blender", "bookshelf", "camera", "camping stove", "carpet", "coffee maker", "coffee mug",
    "cooking pot", "cutting board", "desk", "desk lamp", "drill", "electric kettle", "fan", "fitness watch",
    "frying pan", "garden hose", "guitar", "hair dryer", "hammock", "ironing board",
    "jacket", "keyboard", "laptop", "laptop stand", "mattress", "microphone", "monitor", "mouse", "notebook",
    "office chair", "phone case", "pillow", "power bank", "printer", "raincoat", "rice cooker", "router", "rug",
    "scarf", "skateboard", "sleeping bag", "sofa", "speaker", "suitcase",
    "sweater", "tablet", "tennis racket", "tent", "toaster", "toothbrush", "towel", "umbrella", "vacuum cleaner",
    "wallet", "water bottle", "webcam", "winter coat", "yoga mat",
)  # fmt: skip
GOODS_STYLES = ("black", "white", "red", "blue", "green", "grey", "pink", "brown", "small", "large", "foldable", "wireless",
                "waterproof", "leather", "wooden", "cotton", "steel", "vintage", "portable", "cheap", "lightweight",
                "used")  # fmt: skip
MUSIC_GENRES = ("rock", "pop", "jazz", "blues", "folk", "techno", "hip hop", "classical", "country", "reggae", "soul", "metal",
                "punk", "ambient", "salsa", "disco")  # fmt: skip
ROOMS = ("kitchen", "living room", "bedroom", "bathroom", "hallway", "garage", "office", "dining room", "basement", "attic",
         "nursery", "guest room", "laundry room", "study", "porch", "balcony", "library", "workshop", "playroom",
         "pantry")  # fmt: skip
FIELDS = ("history", "economics", "physics", "biology", "architecture", "music", "farming", "medicine", "astronomy",
          "chemistry", "philosophy", "geology", "painting", "education", "tourism", "football", "cooking", "shipbuilding",
          "poetry", "robotics", "trade", "weaving", "mining", "fishing", "cinema", "theatre", "democracy",
          "transport")  # fmt: skip
SUBJECTS = (
    "solar panels", "black holes", "coral reefs", "electric cars", "bird migration", "renewable energy", "sleep habits",
    "vertical farming", "deep sea mining", "remote work", "urban gardens", "gene therapy", "battery recycling",
    "bee colonies", "sourdough baking", "wind turbines", "space telescopes", "glacier melting", "volcanoes", "earthquakes",
    "honey production", "river pollution", "public libraries", "chess openings", "quantum computers", "vaccines",
    "tidal power", "wolves", "dinosaurs", "ancient coins", "cargo ships", "high speed trains", "school meals",
    "forest fires", "desert plants", "paper making", "olive harvests", "comets", "satellites", "drought", "lighthouses",
    "whales", "penguins", "tea plantations", "street art", "folk dances", "steam engines", "glass blowing", "inflation",
    "housing prices",
)  # fmt: skip
SPORTS = ("football", "basketball", "tennis", "hockey", "rugby", "cricket", "volleyball", "handball", "baseball",
          "badminton", "water polo", "table tennis")  # fmt: skip
TEAM_NAMES = ("Rovers", "Lions", "United", "Falcons", "Wolves", "Tigers", "Bears", "Comets", "Rangers", "Pirates", "Eagles",
              "Wanderers", "Sharks", "Dragons", "Giants", "Knights")  # fmt: skip
EXERCISES = ("running", "swimming", "cycling", "yoga", "rowing", "hiking", "boxing", "dancing", "walking", "climbing",
             "weightlifting", "pilates", "skiing", "jogging", "tennis", "skating")  # fmt: skip
SYMPTOMS = ("headache", "fever", "cough", "sore throat", "nausea", "dizziness", "fatigue", "back pain", "runny nose", "rash",
            "stomach ache", "joint pain", "earache", "chills", "insomnia", "sneezing", "itching", "cramps",
            "chest pain", "blurred vision")  # fmt: skip
MEDICINES = ("ibuprofen", "paracetamol", "aspirin", "amoxicillin", "metformin", "vitamin D", "vitamin C", "iron tablets",
             "omeprazole", "insulin", "cetirizine", "magnesium", "zinc", "melatonin", "cough syrup", "eye drops",
             "antacid", "atorvastatin", "lisinopril", "folic acid")  # fmt: skip
COMPANY_ENDINGS = ("Labs", "Foods", "Energy", "Motors", "Systems", "Bank", "Studios", "Airlines", "Books", "Textiles",
                   "Robotics", "Media", "Logistics", "Partners")  # fmt: skip
RESTAURANT_ENDINGS = ("Kitchen", "Bistro", "Grill", "Tavern", "Diner", "Cafe", "House", "Garden", "Table",
                      "Corner")  # fmt: skip
MEETINGS = ("lunch", "dinner", "coffee", "a meeting", "a call", "an interview", "a walk", "a game of chess", "breakfast",
            "a piano lesson", "a workout", "a picnic", "a study session", "a video call")  # fmt: skip
OCCASIONS = ("dentist appointment", "team review", "book club", "yoga class", "parent meeting", "budget planning", "haircut",
             "choir practice", "car inspection", "project kickoff", "birthday party", "board game night", "house viewing",
             "language exam", "vet visit", "job interview", "product demo", "garden party", "chess tournament",
             "flu shot", "sprint review", "concert", "wedding", "dance rehearsal", "movie night")  # fmt: skip
CHORES = ("water the {noun}", "clean the {noun}", "paint the {noun}", "repair the {noun}", "call {name}", "write to {name}",
          "visit {name}", "buy {food}", "cook {food}", "order {food}", "pay the {bill} bill", "pack the {noun}",
          "return the {noun} to {name}", "pick up {name}", "renew the {bill} contract", "sell the {adjective} {noun}",
          "send {name} the photos", "thank {name}", "measure the {noun}", "book the {occasion}",
          "prepare the {occasion}", "look for the {adjective} {noun}")  # fmt: skip
BILLS = ("water", "gas", "phone", "electricity", "internet", "insurance", "heating", "rent")
SENTENCES = (
    "I will be {n} minutes late", "The {occasion} is moved to {clock}", "Can you bring the {noun}?", "See you at {clock}",
    "Please call {name} back", "The {adjective} {noun} has arrived", "We need {n} more {food}", "Thanks for the {noun}",
    "Where did you put the {noun}?", "{name} says hello", "The train leaves at {clock}", "Dinner is ready at {clock}",
    "I found your {noun}", "Let us meet in {city}", "We are out of {food}", "Good luck with the {occasion}",
    "My flight to {city} is late", "Do not forget the {adjective} {noun}", "The key is under the {noun}",
    "{name} and I are in {city}", "I cannot come to the {occasion}", "The {noun} is broken again",
    "How was the {occasion}?", "I bought {n} {food} and a {noun}", "Your {noun} looks {adjective}",
    "Meet me near the {adjective} {noun}", "Happy birthday, {name}", "The answer is {n}", "The shop closes at {clock}",
    "I sent the {noun} to {name}",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip


def series(draw: Draw, low: int = 3, high: int = 7) -> Draw:
    """A draw of a list of ``low`` to ``high`` values of ``draw``, which may repeat as measurements do."""
    return lambda random: [draw(random) for _ in range(random.randint(low, high))]


def different(name: str, other: str, draw: Draw) -> Callable[[dict[str, Any], Random], dict[str, Any]]:
    """A ``relate`` that draws the argument ``name`` again until it differs from ``other``: no flight from Oslo to Oslo."""

    def relate(arguments: dict[str, Any], random: Random) -> dict[str, Any]:
        while arguments.get(name) is not None and arguments[name] == arguments[other]:
            arguments = {**arguments, name: draw(random)}
        return arguments

    return relate


def in_order(first: str, last: str) -> Callable[[dict[str, Any], Random], dict[str, Any]]:
    """A ``relate`` that swaps two arguments where they come in the wrong order, as dates of a period might."""

    def relate(arguments: dict[str, Any], random: Random) -> dict[str, Any]:
        low, high = sorted((arguments[first], arguments[last]))
        return {**arguments, first: low, last: high}

    return relate


def first_name(random: Random) -> str:
    """A person's first name, of three times as many as ``values`` has."""
    return random.choice(FIRST_NAMES)


def full_name(random: Random) -> str:
    """A person's name: "Zainab Okafor"."""
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"


def title(random: Random) -> str:
    """The title of a film, book, song or list: "The Silent River", "Letter to the Moon"."""
    adjective, noun, other = random.choice(ADJECTIVES), random.choice(NOUNS), random.choice(NOUNS)
    forms = (
        f"The {adjective} {noun}",
        f"{adjective} {noun}",
        f"{noun} of the {other}",
        f"The {noun} and the {other}",
        f"The {other}'s {noun}",
    )
    return _capitalise(random.choice(forms))


def _capitalise(text: str) -> str:
    return " ".join(word if word in {"of", "the", "and"} else word[0].upper() + word[1:] for word in text.split())


def thing(random: Random) -> str:
    """Something small to look for or to mark: "silver anchor"."""
    return f"{random.choice(ADJECTIVES)} {random.choice(NOUNS)}"


def product(random: Random) -> str:
    """Something to buy: "foldable desk lamp"."""
    return f"{random.choice(GOODS_STYLES)} {random.choice(GOODS)}" if random.random() < 0.6 else random.choice(GOODS)


def dish(random: Random) -> str:
    """Something to cook: "lentils curry"."""
    return f"{random.choice(FOODS)} {random.choice(DISH_KINDS)}"


def restaurant(random: Random) -> str:
    """A restaurant: "The Humble Bistro"."""
    head = random.choice((random.choice(FIRST_NAMES) + "'s", "The " + _capitalise(random.choice(ADJECTIVES))))
    return f"{head} {random.choice(RESTAURANT_ENDINGS)}"


def hotel(random: Random) -> str:
    """A hotel: "Silver Harbor Inn"."""
    return f"Hotel {_capitalise(thing(random))}" if random.random() < 0.5 else f"{_capitalise(thing(random))} Inn"


def company(random: Random) -> str:
    """A company: "Lantern Robotics"."""
    return f"{random.choice(NOUNS).capitalize()} {random.choice(COMPANY_ENDINGS)}"


def team(random: Random) -> str:
    """A sports team: "Bergen Falcons"."""
    return f"{random.choice(CITIES)} {random.choice(TEAM_NAMES)}"


def topic(random: Random) -> str:
    """A subject of study or of news: "the history of Peru", "wind turbines in Japan"."""
    forms = (
        random.choice(SUBJECTS),
        f"{random.choice(SUBJECTS)} in {random.choice(COUNTRIES)}",
        f"{random.choice(FIELDS)} in {random.choice(COUNTRIES)}",
        f"the {random.choice(FIELDS)} of {random.choice(COUNTRIES)}",
    )
    return random.choice(forms)


def address(random: Random) -> str:
    """A house: "12 Walnut Lane"."""
    kind = random.choice(("Street", "Road", "Avenue", "Lane"))
    return f"{random.randint(1, 250)} {random.choice(STREETS)} {kind}"


def phone(random: Random) -> str:
    """A telephone number of a range reserved for examples (555-01xx) or with a country code."""
    if random.random() < 0.5:
        return f"{random.randint(201, 989)}-555-01{random.randint(0, 99):02d}"
    return f"+{random.choice((31, 33, 34, 39, 44, 45, 46, 47, 48, 49))}{random.randint(10**8, 10**9 - 1)}"


def event(random: Random) -> str:
    """An entry of a calendar: "lunch with Priya", "chess tournament"."""
    if random.random() < 0.5:
        return random.choice(OCCASIONS)
    return f"{random.choice(MEETINGS)} with {random.choice(FIRST_NAMES)}"


def clock(random: Random) -> str:
    """A time of day, HH:MM."""
    return f"{random.randint(6, 22):02d}:{random.choice(range(0, 60, 5)):02d}"


def month_day(random: Random) -> str:
    """A day of any year: "March 14"."""
    return f"{random.choice(MONTHS)} {random.randint(1, 28)}"


def day(random: Random) -> str:
    """A day in people's words, to be copied as it is: "tomorrow", "next Friday", "March 14"."""
    weekday = random.choice(WEEKDAYS)
    forms = (
        "today",
        "tomorrow",
        weekday,
        f"next {weekday}",
        month_day(random),
        month_day(random),
        f"{random.randint(2025, 2030)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}",
    )
    return random.choice(forms)


def past_day(random: Random) -> str:
    """A day that is over, in people's words: "yesterday", "last Friday"."""
    return random.choice(("yesterday", f"last {random.choice(WEEKDAYS)}", f"last {random.choice(MONTHS)}"))


def _fill(template: str, random: Random) -> str:
    return template.format(
        n=random.randint(2, 60),
        adjective=random.choice(ADJECTIVES),
        noun=random.choice(NOUNS),
        name=random.choice(FIRST_NAMES),
        food=random.choice(FOODS),
        bill=random.choice(BILLS),
        city=random.choice(CITIES),
        occasion=random.choice(OCCASIONS),
        clock=clock(random),
    )


def chore(random: Random) -> str:
    """Something to do: "water the cactus", "call Ines"."""
    return _fill(random.choice(CHORES), random)


def sentence(random: Random) -> str:
    """A short message without the final full stop: "The train leaves at 18:05"."""
    return _fill(random.choice(SENTENCES), random)


def code(random: Random) -> str:
    """A reference of a booking, an order or a ticket: "KX7Q42"."""
    return "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=random.randint(5, 8)))


def flight(random: Random) -> str:
    """A flight number: "LH438"."""
    return f"{random.choice('ABDEFGKLQTUVW')}{random.choice('ABCFHKLMRSTYZ')}{random.randint(12, 9899)}"


def ticker(random: Random) -> str:
    """A share's symbol: "KLM"."""
    return "".join(random.choices("ABCDEFGHIKLMNOPRSTVWXYZ", k=random.randint(3, 4)))


def city(random: Random) -> str:
    """A city: "Buenos Aires"."""
    return random.choice(CITIES)


def country(random: Random) -> str:
    """A country: "South Africa"."""
    return random.choice(COUNTRIES)


def price(random: Random) -> float:
    """An amount of money, whole or in cents: 80, 12.5, 249.99."""
    if random.random() < 0.6:
        return random.choice((random.randint(1, 99), random.randint(1, 40) * 25, random.randint(100, 9999)))
    return random.randint(101, 60000) / 100
