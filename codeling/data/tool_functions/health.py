"""Health and fitness: body measures and energy are really computed, doctors and diaries are simulated."""

from __future__ import annotations

from codeling.data.tool_functions.everyday_values import (
    EXERCISES,
    MEDICINES,
    SYMPTOMS,
    address,
    city,
    clock,
    code,
    day,
    different,
    full_name,
)
from codeling.data.tool_functions.mathematics import tidy
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, integer, lines, listing, number, text
from codeling.data.tool_functions.values import decimal, mixed, one_of, whole

_DOMAIN = "health"
_kilograms = mixed(whole(40, 140), decimal(40, 130))
_exercise = one_of(EXERCISES)


def daily_energy(weight: float, height: float, age: int, sex: str) -> float:
    """Resting energy in kcal a day: the Mifflin-St Jeor equation (1990); kilograms, centimeters, years."""
    return tidy(round(10 * weight + 6.25 * height - 5 * age + (5 if sex == "male" else -161), 1))


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "body_mass_index",
        _DOMAIN,
        "Body mass index from weight and height",
        (number("weight", _kilograms, "kilograms"), number("height", whole(140, 210), "centimeters")),
        lines("""
            What is my BMI if I weigh {weight} kg and am {height} cm tall?
            BMI for {weight} kilograms and {height} centimeters
            Compute the body mass index: {weight} kg, {height} cm
            bmi {weight} {height}
            I weigh {weight} kilos at {height} cm. What is my body mass index?
            Calculate the BMI of a person of {height} cm and {weight} kg
            Body mass index of somebody weighing {weight} kg with a height of {height} cm?
            At a height of {height} cm and a weight of {weight} kg, am I overweight? Use the BMI
            My scale says {weight} kg and I measure {height} cm, give me the BMI
            With {height} centimeters and {weight} kilograms, what is the mass index of my body?
        """),
        lambda a, random: {"bmi": round(a["weight"] / (a["height"] / 100) ** 2, 1)},
        names=("bmi", "calculate_bmi"),
    ),
    FunctionSpec(
        "daily_energy",
        _DOMAIN,
        "Resting calories a person burns a day",
        (
            number("weight", _kilograms, "kilograms"),
            number("height", whole(140, 210), "centimeters"),
            integer("age", whole(18, 90), names=("years",)),
            choice("sex", ("female", "male")),
        ),
        lines("""
            How many calories does a {sex} of {age} years burn at rest with {weight} kg and {height} cm?
            Daily energy need: {sex}, {age} years, {weight} kg, {height} cm
            I am {sex}, {age} years old, {weight} kg and {height} cm tall. What is my basal metabolism?
            basal metabolic rate {sex} {age} {weight}kg {height}cm
            Compute resting calories for a {age} year old {sex} with {weight} kg at {height} cm
            What is the basal metabolic rate of a {sex} person aged {age}, {height} cm, {weight} kg?
            Calories per day at rest: weight {weight} kg, height {height} cm, age {age}, {sex}
            Find the resting energy of a {sex} of {height} cm and {weight} kg, age {age}
            A {sex} aged {age} weighs {weight} kg and measures {height} cm; how much energy goes into just living?
            With {weight} kg, {height} cm and {age} years, what does a {sex} body burn while resting?
        """),
        lambda a, random: {"calories": daily_energy(a["weight"], a["height"], a["age"], a["sex"])},
        names=("basal_metabolic_rate", "resting_calories"),
    ),
    FunctionSpec(
        "max_heart_rate",
        _DOMAIN,
        "Highest heart rate and training zone by age",
        (integer("age", whole(10, 90), names=("years",)),),
        lines("""
            What is the maximum heart rate at age {age}?
            Max heart rate for a {age} year old
            I am {age}. How fast may my heart beat during training?
            heart rate {age} years
            Find the training heart rate for age {age}
            Compute the highest pulse for someone aged {age}
            Tell me the target pulse for a person of {age} years
            My grandfather is {age}; which pulse is his maximum?
            At {age} years of age, in which zone should my heart rate be?
            How high can the pulse of a {age}-year-old go?
        """),
        lambda a, random: {
            "maximum": 220 - a["age"],
            "zone": [tidy((220 - a["age"]) * 0.6), tidy((220 - a["age"]) * 0.85)],
        },
        names=("heart_rate_zone", "training_pulse"),
    ),
    FunctionSpec(
        "log_workout",
        _DOMAIN,
        "Record a workout",
        (
            text("exercise", _exercise, names=("activity", "sport")),
            integer("minutes", whole(5, 180), names=("duration",)),
            number("distance", mixed(whole(1, 60), decimal(1, 30)), "kilometers", required=False),
        ),
        lines("""
            I did {minutes} minutes of {exercise}[ over {distance} kilometers]
            Log {exercise}: {minutes} minutes[, {distance} km]
            Record a workout of {minutes} minutes {exercise}[ and {distance} kilometers]
            workout {exercise} {minutes} min[ {distance} km]
            Add {minutes} minutes of {exercise} to my training log[, distance {distance} km]
            Today's training was {exercise} for {minutes} minutes[, {distance} kilometers]
            Write down that I went {exercise} for {minutes} minutes[ and made {distance} km]
            Another {minutes} minutes of {exercise} done[, that was {distance} km], save it
            Keep track of my {exercise}: it took {minutes} minutes[ for {distance} km]
            My fitness diary should list {exercise}, {minutes} minutes[, {distance} km]
        """),
        answer("exercise", "minutes", calories=whole(40, 1200)),
        names=("record_workout", "add_exercise"),
    ),
    FunctionSpec(
        "calories_burned",
        _DOMAIN,
        "Calories burned by an exercise",
        (
            text("exercise", _exercise, names=("activity", "sport")),
            integer("minutes", whole(5, 180), names=("duration",)),
            number("weight", _kilograms, "kilograms"),
        ),
        lines("""
            How many calories does {minutes} minutes of {exercise} burn at {weight} kg?
            Calories burned by {exercise}, {minutes} minutes, {weight} kg
            I weigh {weight} kg. How much energy does {exercise} for {minutes} minutes use?
            burned: {exercise} {minutes} min {weight} kg
            What do {minutes} minutes of {exercise} burn for a person of {weight} kilograms?
            Estimate the calories of {minutes} minutes {exercise} with {weight} kg
            If I weigh {weight} kg and do {exercise} for {minutes} minutes, what do I burn?
            Do I burn a lot with {exercise} for {minutes} minutes when I weigh {weight} kg?
            At a weight of {weight} kilos, how many calories are gone after {minutes} minutes of {exercise}?
            Tell me how many calories a {weight} kg person loses by {exercise} for {minutes} minutes
        """),
        answer("exercise", "minutes", calories=whole(30, 1500)),
        names=("exercise_calories", "burned_energy"),
    ),
    FunctionSpec(
        "check_symptoms",
        _DOMAIN,
        "What symptoms may mean",
        (
            listing("symptoms", one_of(SYMPTOMS), 1, 4, names=("complaints",)),
            integer("days", whole(2, 21), "since how long", required=False),
        ),
        lines("""
            I have {symptoms}[ since {days} days]. What could it be?
            What do {symptoms} mean[ after {days} days]?
            Check the symptoms {symptoms}[, for {days} days]
            symptoms: {symptoms}[, {days} days]
            I am suffering from {symptoms}[ for {days} days], should I worry?
            Which illness causes {symptoms}[ lasting {days} days]?
            My child has {symptoms}[ for {days} days now], what might be wrong?
            It's {symptoms}[ already {days} days long]. Do I need a doctor?
            What is behind {symptoms}[ when it goes on for {days} days]?
            I woke up with {symptoms}[ {days} days ago]; what illness is that?
        """),
        answer("symptoms", advice=one_of(("rest and drink water", "see a doctor", "call emergency services"))),
        names=("symptom_checker", "diagnose"),
    ),
    FunctionSpec(
        "medicine_info",
        _DOMAIN,
        "Use and side effects of a medicine",
        (
            text("medicine", one_of(MEDICINES), names=("drug",)),
            text("with_medicine", one_of(MEDICINES[::-1]), "check together with", required=False),
        ),
        lines("""
            What is {medicine} for[, and does it go with {with_medicine}]?
            Side effects of {medicine}[ together with {with_medicine}]
            Tell me about the medicine {medicine}[ when taken with {with_medicine}]
            {medicine} info[ with {with_medicine}]
            How does {medicine} work[ combined with {with_medicine}]?
            Is {medicine} dangerous[ along with {with_medicine}]?
            What should I know about taking {medicine}[ and {with_medicine} at once]?
            My doctor gave me {medicine}[ on top of {with_medicine}]. What does it do?
            Can {medicine} make me tired[ if I also take {with_medicine}]?
            Read me the leaflet of {medicine}[; I already use {with_medicine}]
        """),
        answer("medicine", safe=lambda random: random.random() < 0.8),
        names=("drug_info", "get_medicine"),
        relate=different("with_medicine", "medicine", one_of(MEDICINES)),
    ),
    FunctionSpec(
        "medicine_reminder",
        _DOMAIN,
        "Remind daily to take a medicine",
        (
            text("medicine", one_of(MEDICINES), names=("drug",)),
            listing("times", clock, 1, 3, names=("at",)),
            text("dose", lambda random: f"{random.randint(1, 20) * 50} mg", required=False),
        ),
        lines("""
            Remind me to take[ {dose} of] {medicine} every day at {times}
            Daily reminder for {medicine}[ {dose}] at {times}
            I take[ {dose}] {medicine} at {times}, remind me each day
            medicine {medicine}[ {dose}] {times}
            Tell me to take my {medicine}[, {dose},] at {times} every day
            Set a medication reminder at {times}: {medicine}[, {dose}]
            Don't let me forget my[ {dose}] {medicine} at {times}
            Every day at {times} I must swallow {medicine}[, {dose}]
            My pills, {medicine}[ {dose}], are due at {times} daily; remind me
            Plan a daily alert for[ {dose} of] {medicine}: {times}
        """),
        answer("medicine", "times", active=True),
        names=("pill_reminder", "remind_medicine"),
    ),
    FunctionSpec(
        "find_doctor",
        _DOMAIN,
        "Find a doctor in a city",
        (
            choice(
                "specialty",
                ("dentist", "dermatologist", "cardiologist", "pediatrician", "eye_doctor", "surgeon"),
                names=("kind",),
            ),
            text("city", city, names=("location",)),
        ),
        lines("""
            Find a {specialty} in {city}
            I need a {specialty} in {city}
            Which {specialty} in {city} is good?
            doctor: {specialty} {city}
            Look for a {specialty} near me, I live in {city}
            Where is a {specialty} in {city}?
            Recommend a {specialty} in {city}
            Is there any {specialty} in {city} who takes new patients?
            Help me to get to a {specialty}, I am staying in {city}
            In {city}, whom should I see as a {specialty}?
        """),
        answer("specialty", doctor=full_name, address=address),
        names=("search_doctors", "doctor_search"),
    ),
    FunctionSpec(
        "book_doctor",
        _DOMAIN,
        "Make an appointment with a doctor",
        (
            text("doctor", lambda random: f"Dr. {full_name(random).split()[1]}", names=("name",)),
            text("day", day, names=("date",)),
            text("time", clock, required=False),
        ),
        lines("""
            Make an appointment with {doctor} {day}[ at {time}]
            Book {doctor} for {day}[, {time}]
            I need to see {doctor} {day}[ at {time}]
            appointment {doctor} {day}[ {time}]
            Can I get an appointment with {doctor} {day}[ at {time}]?
            Please arrange a visit to {doctor} {day}[ around {time}]
            Sign me up with {doctor} {day}[ at {time}]
            My back hurts, get me in at {doctor} {day}[ at {time}]
            {day}[ at {time}] I would like to visit {doctor}
            Ask the practice of {doctor} for a slot {day}[, {time}]
        """),
        answer("doctor", "day", booking=code),
        names=("doctor_appointment", "see_doctor"),
    ),
    FunctionSpec(
        "log_sleep",
        _DOMAIN,
        "Record when someone slept",
        (
            text(
                "from_time",
                lambda random: (
                    f"{random.randint(20, 23)}:{random.choice(('00', '15', '30', '45', '10', '20', '40', '50'))}"
                ),
                names=("bedtime",),
            ),
            text(
                "to_time",
                lambda random: (
                    f"0{random.randint(4, 9)}:{random.choice(('00', '15', '30', '45', '05', '20', '40', '55'))}"
                ),
                names=("wake_time",),
            ),
            choice("quality", ("good", "fair", "bad"), required=False),
        ),
        lines("""
            I slept from {from_time} to {to_time}[ and it was {quality}]
            Log my sleep: {from_time} until {to_time}[, {quality}]
            Record that I slept between {from_time} and {to_time}[, quality {quality}]
            sleep {from_time}-{to_time}[ {quality}]
            I went to bed at {from_time} and got up at {to_time}[. It was {quality}]
            Add a night from {from_time} to {to_time}[ with {quality} sleep]
            My sleep lasted from {from_time} till {to_time}[, it felt {quality}]
            Lights out at {from_time}, up at {to_time}[; a {quality} night]
            Put last night into my sleep diary, {from_time} to {to_time}[, rated {quality}]
            Asleep at {from_time}, awake at {to_time}[, {quality} night], write it down
        """),
        answer("from_time", "to_time", saved=True),
        names=("record_sleep", "sleep_diary"),
    ),
    FunctionSpec(
        "drink_water",
        _DOMAIN,
        "Record water that was drunk",
        (integer("milliliters", lambda random: random.randint(2, 60) * 25, "amount", names=("ml",)),),
        lines("""
            I drank {milliliters} ml of water
            Log {milliliters} milliliters of water
            Add {milliliters} ml to my water intake
            water {milliliters} ml
            Record a glass of water with {milliliters} ml
            Note that I had {milliliters} ml of water
            Put down {milliliters} milliliters of water for today
            I just emptied a bottle, {milliliters} ml of water
            Count another {milliliters} ml for my drinking goal
            My water diary gets {milliliters} more milliliters
        """),
        answer("milliliters", total=whole(500, 3000)),
        names=("log_water", "water_intake"),
    ),
)
