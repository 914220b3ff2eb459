# ruff: noqa: E501  (each line is one entry of a table; wrapped, it could not be scanned)
"""The words of the built-in stories: names, places and things, grouped so that what is drawn together fits together."""

from __future__ import annotations

# No name ends in s, so that "'s" is always right, and none is used for both a girl and a boy.
GIRLS = ("Lily", "Mia", "Anna", "Zoe", "Emma", "Lucy", "Nora", "Ruby", "Ella", "Rosie", "Maya", "Clara", "Daisy", "Hana",
         "Ivy", "Jane", "Kira", "Lola", "Molly", "Nina", "Olive", "Penny", "Sofia", "Tara", "Uma", "Vera", "Wendy", "Amina",
         "Bella", "Fatima", "Greta", "Leila")  # fmt: skip
BOYS = ("Tom", "Ben", "Max", "Sam", "Leo", "Finn", "Jack", "Oscar", "Theo", "Noah", "Adam", "Billy", "Charlie", "Danny",
        "Eli", "Felix", "George", "Hugo", "Ivan", "Jamal", "Kofi", "Luca", "Milo", "Nico", "Omar", "Peter", "Ravi", "Simon",
        "Tim", "Victor", "Walter", "Yusuf")  # fmt: skip

ANIMAL_HEROES = ("rabbit", "bear", "fox", "mouse", "squirrel", "hedgehog", "otter", "beaver", "raccoon", "badger", "cat",
                 "dog", "pig", "goat", "mole")  # fmt: skip
# Regular plurals only; small enough to be picked up.
SMALL_ANIMALS = ("squirrel", "bird", "frog", "duckling", "hedgehog", "kitten", "chipmunk", "turtle", "owl", "hamster",
                 "lizard", "robin", "mole")  # fmt: skip

ELDERS = (("mom", True), ("dad", False), ("grandma", True), ("grandpa", False), ("aunt", True), ("uncle", False),
          ("mom", True), ("dad", False))  # fmt: skip
PEOPLE = (
    "woman",
    "man",
    "farmer",
    "baker",
    "gardener",
    "neighbor",
    "lady",
    "shopkeeper",
    "teacher",
    "fisherman",
    "painter",
)
FOREST_HELPERS = ("owl", "turtle", "deer", "crow", "elephant", "moose", "goose", "toad", "horse", "donkey", "stork")

CHILD_HOMES = ("house", "cottage", "farmhouse", "cabin", "yellow house", "brick house")
ANIMAL_HOMES = ("house", "cottage", "tree house", "den", "hut", "wooden house")

# A place, and where things can be found there.
PLACES = (
    ("the park", ("under a bench", "behind a bush", "next to the swings", "under a tall tree")),
    ("the beach", ("behind a rock", "in the sand", "next to a blue boat", "under a towel")),
    ("the playground", ("under the slide", "next to the swings", "behind the fence", "in the sandbox")),
    ("the garden", ("under a bush", "next to the gate", "between the flowers", "behind the shed")),
    ("the farm", ("in the hay", "behind the barn", "next to the fence", "under the apple tree")),
    ("the woods", ("under a fern", "behind a log", "next to a big oak", "in a pile of leaves")),
    ("the pond", ("in the reeds", "under a willow", "next to a flat stone", "behind a bush")),
    ("the meadow", ("in the long grass", "under a tree", "behind a big stone", "between the daisies")),
)
FOREST_PLACES = (
    ("the river", ("in the reeds", "under a willow", "next to a flat stone", "behind a log")),
    ("the meadow", ("in the long grass", "under a tree", "behind a big stone", "between the daisies")),
    ("the hill", ("behind a rock", "under a pine tree", "in the soft moss", "next to an old stump")),
    ("the berry field", ("under a bush", "behind a stump", "between the leaves", "next to the path")),
    ("the old oak", ("between the roots", "in a pile of leaves", "behind a stump", "under a mushroom")),
    ("the pond", ("in the reeds", "under a fern", "next to a lily", "behind a bush")),
)

# "at", unless the last word of a place wants another.
PREPOSITIONS = {"garden": "in", "woods": "in", "meadow": "in", "field": "in", "farm": "on", "hill": "on", "pond": "by", "river": "by",
                "oak": "by", "beach": "on"}  # fmt: skip

TOYS = ("ball", "teddy bear", "toy car", "doll", "train", "drum", "top", "boat", "puppet", "wagon", "toy horse", "whistle",
        "toy rabbit", "robot", "truck", "yo-yo", "toy duck", "bucket")  # fmt: skip
HOBBIES = (
    ("sing", "singing"), ("dance", "dancing"), ("draw pictures", "drawing pictures"), ("play ball", "playing ball"),
    ("climb trees", "climbing trees"), ("look for shiny stones", "looking for shiny stones"),
    ("pick flowers", "picking flowers"), ("play hide and seek", "playing hide and seek"),
    ("blow bubbles", "blowing bubbles"), ("tell jokes", "telling jokes"), ("look at books", "looking at books"),
    ("run and jump", "running and jumping"), ("watch the clouds", "watching the clouds"),
    ("play with sticks", "playing with sticks"), ("make up songs", "making up songs"), ("count bugs", "counting bugs"),
)  # fmt: skip
# What is made, out of what, and what goes wrong at first.
MADE = (
    ("bird house", "some wood and glue", "the roof would not stay on"),
    ("necklace", "some string and beads", "the beads rolled away"),
    ("paper crown", "some paper and tape", "the paper was too short"),
    ("toy boat", "some bark and string", "the sail fell over"),
    ("mask", "some paper and paint", "the paint ran down"),
    ("basket", "some long grass", "the grass would not bend"),
    ("little chair", "some wood and nails", "one leg was too long"),
    ("lantern", "some paper and sticks", "the sticks were too thin"),
    ("clay bowl", "some clay and water", "the clay was too soft"),
    ("wreath", "some leaves and twigs", "the twigs would not stay round"),
)

WORDS: dict[str, tuple[str, ...]] = {
    "trait": ("kind", "happy", "curious", "cheerful", "funny", "gentle", "clever", "playful", "little", "young", "friendly",
              "busy"),
    "trait_2": ("kind", "curious", "cheerful", "funny", "gentle", "clever", "playful", "friendly"),
    "size": ("small", "little", "tiny", "cozy", "old", "big"),
    "near": ("near the woods", "by the sea", "on a green hill", "near a river", "by a lake", "at the end of a long road",
             "in a quiet valley", "next to a big field"),
    "season": ("spring", "summer", "autumn"),
    "weather": ("sunny", "bright", "cloudy", "gray", "clear"),
    "toy_adjective": ("red", "blue", "green", "yellow", "orange", "purple", "shiny", "striped", "little", "old", "pretty", "new"),
    "color": ("red", "blue", "green", "yellow", "orange", "purple", "pink", "white", "golden"),
    "food": ("soup", "apple pie", "bread and jam", "pancakes", "cookies", "cake", "berry pie", "honey bread", "muffins", "nut bread",
             "noodles"),
    "fruit_1": ("apple", "pear", "plum", "peach", "berry", "cherry", "orange"),
    "fragile": ("vase", "bowl", "cup", "plate", "teapot", "jar", "lamp"),
    "lost": ("marble", "ring", "scarf", "key", "button", "shell", "mitten", "bell"),
    "skill": ("ride a bike", "skate", "do a cartwheel", "jump rope", "walk on stilts", "do a handstand", "hop on one foot",
              "ride a scooter"),
    "a_gift": ("a toy train", "a music box", "a little bell", "a new book", "a box of crayons", "a small drum", "a warm hat",
               "a spinning top", "a wooden flute", "a bag of marbles"),
    "dirty": ("dirty", "wet", "dusty", "muddy"),
    "sound": ("Scratch, scratch", "Tap, tap", "Bump, bump", "Squeak", "Whoosh", "Knock, knock", "Crick, crack"),
    "pet": ("Pip", "Dot", "Button", "Fluff", "Bean", "Pebble", "Nib", "Tiny", "Peanut", "Biscuit"),
}  # fmt: skip
