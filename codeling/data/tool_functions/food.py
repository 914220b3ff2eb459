"""Food: recipes, restaurants, nutrition; recipe scaling is really computed, the rest is simulated."""

from __future__ import annotations

from random import Random
from typing import Any

from codeling.data.tool_functions.everyday_values import (
    CUISINES,
    FOODS,
    address,
    city,
    clock,
    code,
    day,
    different,
    dish,
    first_name,
    price,
    restaurant,
)
from codeling.data.tool_functions.mathematics import tidy
from codeling.data.tool_functions.spec import (
    FunctionSpec,
    Slot,
    answer,
    choice,
    flag,
    integer,
    lines,
    listing,
    text,
)
from codeling.data.tool_functions.values import decimal, mixed, one_of, whole

_DOMAIN = "food"
_food = one_of(FOODS)
_DIETS = ("vegetarian", "vegan", "gluten_free", "low_carb")


def _amounts(random: Random) -> dict[str, Any]:
    return {food: random.randint(1, 40) * 10 for food in random.sample(FOODS, random.randint(2, 3))}


def scale_recipe(amounts: dict[str, float], people: int, new_people: int) -> dict[str, float]:
    """The amounts of a recipe for ``people``, for ``new_people``."""
    return {food: tidy(round(amount * new_people / people, 2)) for food, amount in amounts.items()}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "find_recipes",
        _DOMAIN,
        "Find recipes by ingredients",
        (
            listing("ingredients", _food, 1, 4, names=("foods",)),
            choice("diet", _DIETS, required=False),
            integer("max_minutes", whole(10, 120), required=False, names=("time_limit",)),
        ),
        lines("""
            Find a[ {diet}] recipe with {ingredients}[ in under {max_minutes} minutes]
            What can I cook with {ingredients}[ in {max_minutes} minutes][, {diet}]?
            I have {ingredients}. Suggest a[ {diet}] recipe[ of at most {max_minutes} minutes]
            recipes: {ingredients}[, {diet}][, max {max_minutes} min]
            Give me[ {diet}] recipes using {ingredients}[ that take up to {max_minutes} minutes]
            Which[ {diet}] dishes can be made from {ingredients}[ within {max_minutes} minutes]?
            Search recipes that contain {ingredients}[ and are {diet}][, done in {max_minutes} minutes]
            My fridge has {ingredients}; what is for dinner[, ready in {max_minutes} minutes][? It must be {diet}]
            How do I use up {ingredients}[ in {max_minutes} minutes][ for a {diet} meal]?
            Cooking ideas for {ingredients}[, {diet} ones][, quick: {max_minutes} minutes]
        """),
        answer("ingredients", recipe=dish, minutes=whole(5, 60)),
        names=("search_recipes", "recipe_search"),
    ),
    FunctionSpec(
        "get_recipe",
        _DOMAIN,
        "Recipe of a dish",
        (
            text("dish", dish, names=("name", "meal")),
            integer("people", whole(2, 12), required=False, default=4, names=("servings",)),
        ),
        lines("""
            How do I make {dish}[ for {people} people]?
            Give me the recipe for {dish}[ for {people} people]
            recipe {dish}[, {people} servings]
            I want to cook {dish}[ for {people} persons]
            What goes into a {dish}[ for {people}]?
            Show me how to prepare {dish}[ with {people} servings]
            Teach me to cook {dish}[ for {people} guests]
            Explain step by step how {dish} is made[, enough for {people}]
            We are having {dish} tonight[ and are {people} people], what do I do?
            Please look up instructions for cooking {dish}[ for {people} eaters]
        """),
        answer("dish", "people", minutes=whole(10, 120), ingredients=lambda random: random.sample(FOODS, 3)),
        names=("show_recipe", "recipe_for"),
    ),
    FunctionSpec(
        "scale_recipe",
        _DOMAIN,
        "Scale recipe amounts to more or fewer people",
        (
            Slot("amounts", {"type": "object", "description": "food: grams"}, _amounts, names=("ingredients",)),
            integer("people", whole(2, 8), "people in the recipe"),
            integer("new_people", whole(1, 20), "people to cook for"),
        ),
        lines("""
            A recipe for {people} people needs {amounts}. How much for {new_people}?
            Scale {amounts} from {people} to {new_people} people
            My recipe serves {people} with {amounts}; I cook for {new_people}
            scale recipe {amounts}, {people} -> {new_people}
            Convert the amounts {amounts} for {people} persons to {new_people} persons
            For {people} servings I take {amounts}. What do I take for {new_people} servings?
            Change a recipe ({amounts}) made for {people} people so that {new_people} can eat
            If {people} people need {amounts}, what do {new_people} people need?
            Here are amounts for {people}: {amounts}. Give me those for {new_people}
            The cake for {people} uses {amounts}, but {new_people} guests come. New amounts?
        """),
        lambda a, random: {"amounts": scale_recipe(a["amounts"], a["people"], a["new_people"])},
        names=("adjust_recipe", "resize_recipe"),
        relate=different("new_people", "people", whole(1, 20)),
    ),
    FunctionSpec(
        "nutrition_facts",
        _DOMAIN,
        "Nutrition values of a food",
        (
            text("food", mixed(_food, dish), names=("item",)),
            integer("grams", whole(5, 900), required=False, default=100, names=("amount",)),
        ),
        lines("""
            How many calories are in[ {grams} grams of] {food}?
            Nutrition facts of {food}[, {grams} grams]
            calories {food}[ {grams} g]
            How much protein does {food} contain[ per {grams} grams]?
            Is {food} healthy? Show the nutrition values[ for {grams} grams]
            Give me the nutrition values of[ {grams} grams of] {food}
            Tell me about fat and protein in {food}[ if I eat {grams} grams]
            I just ate[ {grams} grams of] {food}. How many calories was that?
            What vitamins and energy are in[ {grams} g of] {food}?
            Look up the nutrients of {food}[ for a portion of {grams} grams]
        """),
        answer("food", "grams", calories=whole(10, 600), protein=decimal(1, 30)),
        names=("get_calories", "nutrition_info"),
    ),
    FunctionSpec(
        "find_restaurants",
        _DOMAIN,
        "Find restaurants in a city",
        (
            text("city", city, names=("location",)),
            text("cuisine", one_of(CUISINES), required=False, names=("kitchen",)),
            choice("price", ("cheap", "moderate", "expensive"), required=False, names=("price_level",)),
            flag("open_now", "open now", "open later", default=False),
        ),
        lines("""
            Find a restaurant in {city}[ with {cuisine} food][, {price}][, {open_now}]
            Where can I eat[ {cuisine} food] in {city}[, {price}][, {open_now}]?
            restaurants {city}[ {cuisine}][ {price}][ {open_now}]
            Show me[ {price}] places[ with {cuisine} cuisine] to eat in {city}[, {open_now}]
            I'm hungry in {city}. Any[ {price}][ {cuisine}] restaurants[ {open_now}]?
            Recommend a[ {price}][ {cuisine}] restaurant in {city}[, {open_now}]
            Which[ {cuisine}] restaurants are there in {city}[, {price} ones][, {open_now}]?
            Let's go out to eat in {city}[, something {cuisine}][, {price}][, {open_now}]
            Look for[ {cuisine}] dining in {city}[ at a {price} level][, {open_now}]
            In {city}, is there a[ {price}] place serving[ {cuisine}] dinner[, {open_now}]?
        """),
        answer("city", restaurant=restaurant, rating=whole(3, 5)),
        names=("search_restaurants", "restaurant_search"),
    ),
    FunctionSpec(
        "book_table",
        _DOMAIN,
        "Reserve a table in a restaurant",
        (
            text("restaurant", restaurant, names=("name",)),
            integer("people", whole(2, 12), names=("guests", "party_size")),
            text("day", day, names=("date",)),
            text("time", clock),
            choice("seat", ("inside", "outside", "bar"), required=False),
        ),
        lines("""
            Book a table at {restaurant} for {people} people {day} at {time}[, {seat}]
            Reserve a table for {people} at {restaurant}, {day} {time}[, {seat}]
            Table for {people} at {restaurant} {day} at {time}, please[, {seat} seating]
            table {restaurant} {people} {day} {time}[ {seat}]
            I'd like to eat at {restaurant} {day} at {time} with {people} people[, seated {seat}]
            Make a dinner reservation: {restaurant}, {day}, {time}, {people} persons[, {seat}]
            Can you get us a table for {people} in {restaurant} {day} at {time}[, {seat}]?
            We are {people} and come to {restaurant} {day} at {time}; reserve a table[ {seat}]
            {day} at {time} I dine at {restaurant} with a party of {people}[, {seat}], please book
            Ask {restaurant} to keep a table for {people} {day}, {time}[, {seat}]
        """),
        answer("restaurant", "people", booking=code),
        names=("reserve_table", "restaurant_reservation"),
    ),
    FunctionSpec(
        "order_food",
        _DOMAIN,
        "Order dishes for delivery",
        (
            text("restaurant", restaurant, names=("from",)),
            listing("dishes", dish, 1, 3, names=("items",)),
            text("address", address, names=("deliver_to",)),
        ),
        lines("""
            Order {dishes} from {restaurant} to {address}
            I want {dishes} delivered from {restaurant} to {address}
            Get me {dishes} from {restaurant}, deliver to {address}
            order {restaurant}: {dishes} -> {address}
            Please order {dishes} at {restaurant} for the address {address}
            Food delivery from {restaurant}: {dishes}, to {address}
            Have {restaurant} bring {dishes} to {address}
            {restaurant} should send {dishes} to {address}
            We're too tired to cook: {dishes} from {restaurant} to {address}, please
            For delivery at {address}, order {dishes} with {restaurant}
        """),
        answer("restaurant", order=code, total=price, minutes=whole(15, 70)),
        names=("food_delivery", "order_meal"),
    ),
    FunctionSpec(
        "substitute_ingredient",
        _DOMAIN,
        "What can replace an ingredient",
        (text("ingredient", _food, names=("food",)), text("dish", dish, required=False, names=("recipe",))),
        lines("""
            What can I use instead of {ingredient}[ in {dish}]?
            Substitute for {ingredient}[ in {dish}]
            replace {ingredient}[ in {dish}]
            I have no {ingredient}[ for my {dish}]. What else works?
            Which food replaces {ingredient}[ in a {dish}]?
            Give me an alternative to {ingredient}[ for {dish}]
            I am allergic to {ingredient}, what can I take[ for {dish}]?
            The shop was out of {ingredient}; what does the job as well[ in {dish}]?
            How do I do without {ingredient}[ when making {dish}]?
            My guest can't eat {ingredient}. Suggest a replacement[ in {dish}]
        """),
        answer("ingredient", substitute=_food),
        names=("ingredient_substitute", "find_substitute"),
    ),
    FunctionSpec(
        "plan_meals",
        _DOMAIN,
        "Plan meals for several days",
        (
            integer("days", whole(2, 14), names=("num_days",)),
            choice("diet", _DIETS, required=False),
            listing("avoid", _food, 1, 3, required=False, names=("without",)),
        ),
        lines("""
            Plan[ {diet}] meals for {days} days[ without {avoid}]
            Make a[ {diet}] meal plan for {days} days[ that avoids {avoid}]
            meal plan {days} days[ {diet}][, no {avoid}]
            What should I eat during the next {days} days[, {diet}][, no {avoid}]?
            Create a[ {diet}] menu for {days} days[, leaving out {avoid}]
            I need {days} days of[ {diet}] meals[ free of {avoid}]
            Set up a[ {diet}] eating plan over {days} days[ with no {avoid}]
            Think of dishes for {days} days[, all {diet}][, none with {avoid}]
            Help me decide what to cook in the coming {days} days[, {diet} only][, I don't eat {avoid}]
            For {days} days, tell me what to eat[ as a {diet} diet][ excluding {avoid}]
        """),
        answer("days", first=dish),
        names=("meal_plan", "create_menu"),
    ),
    FunctionSpec(
        "pair_drink",
        _DOMAIN,
        "Drink that goes with a dish",
        (text("dish", dish, names=("meal", "food")), flag("alcohol", "with alcohol", "without alcohol")),
        lines("""
            What drink goes well with {dish}[, {alcohol}]?
            Suggest a drink for {dish}[ {alcohol}]
            drink with {dish}[, {alcohol}]
            What should I drink with {dish}[, {alcohol}]?
            Which wine or juice matches {dish}[? It should be {alcohol}]
            Find something to drink that suits {dish}[ {alcohol}]
            I am serving {dish}, what should be in the glasses[, {alcohol}]?
            {dish} is on the table. Recommend a beverage[ {alcohol}]
            Name a good beverage next to {dish}[, one {alcohol}]
            Guests get {dish}; pick their drink[ {alcohol}]
        """),
        answer(
            "dish", drink=one_of(("white wine", "red wine", "apple juice", "mint tea", "lemonade", "beer", "water"))
        ),
        names=("drink_pairing", "suggest_drink"),
    ),
    FunctionSpec(
        "food_expiry",
        _DOMAIN,
        "How long a food keeps",
        (
            text("food", mixed(_food, dish), names=("item",)),
            choice("place", ("fridge", "freezer", "shelf"), names=("storage",)),
        ),
        lines("""
            How long does {food} keep in the {place}?
            How many days does {food} last in the {place}?
            {food} in the {place}: how long?
            Until when is {food} good when stored in the {place}?
            Can I keep {food} in the {place} for a week?
            I put {food} into the {place}. How long is it safe to eat?
            Tell me the storage time of {food} in the {place}
            When does {food} go bad in the {place}?
            Is last week's {food} from the {place} still fine?
            Leftover {food} sits in the {place}; when must I finish it?
        """),
        answer("food", "place", days=whole(1, 180)),
        names=("shelf_life", "storage_time"),
    ),
    FunctionSpec(
        "log_meal",
        _DOMAIN,
        "Record a meal in the food diary",
        (
            choice("meal", ("breakfast", "lunch", "dinner", "snack")),
            listing("foods", _food, 1, 3, names=("items",)),
            text("eaten_with", first_name, required=False),
        ),
        lines("""
            I had {foods} for {meal}[ with {eaten_with}]
            Log {meal}: {foods}[, with {eaten_with}]
            Record that I ate {foods} for {meal}[ together with {eaten_with}]
            diary {meal} {foods}[ with {eaten_with}]
            Write {foods} into my food diary as {meal}[, eaten with {eaten_with}]
            My {meal} was {foods}[ with {eaten_with}], keep track of it
            Add {foods} to the diary for {meal}[, company: {eaten_with}]
            For {meal} I ate {foods}[ in the company of {eaten_with}], please note
            Note down my {meal}[ with {eaten_with}]: {foods}
            The food diary needs today's {meal}, namely {foods}[, shared with {eaten_with}]
        """),
        answer("meal", "foods", saved=True),
        names=("record_meal", "food_diary"),
    ),
)
