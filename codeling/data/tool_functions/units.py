"""Units of measure: one function a quantity, all of them really computed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from random import Random
from typing import Any

from codeling.data.tool_functions.everyday_values import different
from codeling.data.tool_functions.mathematics import tidy
from codeling.data.tool_functions.spec import FunctionSpec, Result, Slot, choice, lines, number
from codeling.data.tool_functions.values import decimal, magnitudes, mixed, one_of, whole

_DOMAIN = "units"
_AMOUNT = mixed(whole(2, 500), decimal(1, 90))

# What one of each unit is in the first unit of its table; exact by definition.
LENGTHS = {"meters": 1, "kilometers": 1000, "miles": 1609.344, "feet": 0.3048, "inches": 0.0254}
WEIGHTS = {"grams": 1, "kilograms": 1000, "pounds": 453.59237, "ounces": 28.349523125}
VOLUMES = {"liters": 1, "milliliters": 0.001, "gallons": 3.785411784, "cups": 0.2365882365}
AREAS = {"hectares": 1, "acres": 0.40468564224, "square_miles": 258.9988110336, "square_feet": 9.290304e-6}
SPEEDS = {"kmh": 1, "mph": 1.609344, "knots": 1.852}
ENERGIES = {"joules": 1, "calories": 4.184, "kilowatt_hours": 3.6e6}
PRESSURES = {"bar": 100000, "psi": 6894.757293168361, "pascals": 1}
DATA_SIZES = {"kilobytes": 1, "megabytes": 10**3, "gigabytes": 10**6, "terabytes": 10**9}
DURATIONS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}
ANGLES = {"degrees": 1, "radians": 57.29577951308232, "turns": 360}
# How many degrees of the scale one kelvin is, and what the scale shows at absolute zero.
SCALES = {"celsius": (1, -273.15), "fahrenheit": (1.8, -459.67), "kelvin": (1, 0)}


def _units(units: Collection[str]) -> tuple[Slot, Slot]:
    names = tuple(units)
    return choice("from_unit", names, names=("unit",)), choice("to_unit", names, names=("target_unit",))


def _other(units: Collection[str]) -> Callable[[dict[str, Any], Random], dict[str, Any]]:
    return different("to_unit", "from_unit", one_of(tuple(units)))


def _converted(table: Mapping[str, float]) -> Result:
    def result(a: dict[str, Any], random: Random) -> Any:
        return {"value": tidy(a["value"] * table[a["from_unit"]] / table[a["to_unit"]]), "unit": a["to_unit"]}

    return result


def convert_temperature(value: float, from_unit: str, to_unit: str) -> float:
    """A temperature in another scale; the scales are those of ``SCALES``."""
    scale, zero = SCALES[from_unit]
    new_scale, new_zero = SCALES[to_unit]
    return tidy((value - zero) / scale * new_scale + new_zero)


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "convert_length",
        _DOMAIN,
        "Convert a length or distance",
        (number("value", _AMOUNT, names=("length",)), *_units(LENGTHS)),
        lines("""
            Convert a length of {value} {from_unit} to {to_unit}
            How many {to_unit} long are {value} {from_unit}?
            What is a length of {value} {from_unit} in {to_unit}?
            length {value} {from_unit} in {to_unit}
            How long is {value} {from_unit}, measured in {to_unit}?
            Express the distance {value} {from_unit} in {to_unit}
            I need {value} {from_unit} as {to_unit}
            A rope is {value} {from_unit} long. How many {to_unit} is that?
            How far is {value} {from_unit} if I count in {to_unit}?
            Turn the length {value} {from_unit} into {to_unit}, please
        """),
        _converted(LENGTHS),
        names=("length_converter", "convert_distance"),
        relate=_other(LENGTHS),
    ),
    FunctionSpec(
        "convert_weight",
        _DOMAIN,
        "Convert a weight or mass",
        (number("value", _AMOUNT, names=("weight",)), *_units(WEIGHTS)),
        lines("""
            Convert a weight of {value} {from_unit} to {to_unit}
            How many {to_unit} are in {value} {from_unit}?
            What is a weight of {value} {from_unit} in {to_unit}?
            weight {value} {from_unit} to {to_unit}
            How heavy is {value} {from_unit} in {to_unit}?
            Express a mass of {value} {from_unit} in {to_unit}
            I need the weight {value} {from_unit} as {to_unit}
            My parcel weighs {value} {from_unit}. How many {to_unit} is that?
            If something weighs {value} {from_unit}, what does it weigh in {to_unit}?
            Turn the weight {value} {from_unit} into {to_unit}, please
        """),
        _converted(WEIGHTS),
        names=("weight_converter", "convert_mass"),
        relate=_other(WEIGHTS),
    ),
    FunctionSpec(
        "convert_volume",
        _DOMAIN,
        "Convert a volume of liquid",
        (number("value", _AMOUNT, names=("volume",)), *_units(VOLUMES)),
        lines("""
            Convert a volume of {value} {from_unit} to {to_unit}
            How many {to_unit} of liquid are {value} {from_unit}?
            What is a volume of {value} {from_unit} in {to_unit}?
            volume {value} {from_unit} in {to_unit} please
            A pot holds {value} {from_unit}. How many {to_unit} is that?
            How much is {value} {from_unit} of milk in {to_unit}?
            The recipe says {value} {from_unit}; give me {to_unit}
            I poured {value} {from_unit} of water. What is that in {to_unit}?
            If my tank takes {value} {from_unit}, how many {to_unit} fit in?
            Write {value} {from_unit} of juice as {to_unit}
        """),
        _converted(VOLUMES),
        names=("volume_converter", "convert_liquid"),
        relate=_other(VOLUMES),
    ),
    FunctionSpec(
        "convert_area",
        _DOMAIN,
        "Convert an area",
        (number("value", _AMOUNT, names=("area",)), *_units(AREAS)),
        lines("""
            Convert an area of {value} {from_unit} to {to_unit}
            How many {to_unit} of land are {value} {from_unit}?
            What is an area of {value} {from_unit} in {to_unit}?
            area: {value} {from_unit} in {to_unit}
            A farm covers {value} {from_unit}. How many {to_unit} is that?
            How large is {value} {from_unit} in {to_unit}?
            Express {value} {from_unit} of land in {to_unit}
            I own {value} {from_unit} of forest, what is it in {to_unit}?
            The lot has {value} {from_unit}; tell me the {to_unit}
            Give the size {value} {from_unit} in {to_unit}
        """),
        _converted(AREAS),
        names=("area_converter", "convert_surface"),
        relate=_other(AREAS),
    ),
    FunctionSpec(
        "convert_speed",
        _DOMAIN,
        "Convert a speed",
        (number("value", _AMOUNT, names=("speed",)), *_units(SPEEDS)),
        lines("""
            Convert a speed of {value} {from_unit} to {to_unit}
            How fast is {value} {from_unit} in {to_unit}?
            What is a speed of {value} {from_unit} in {to_unit}?
            speed {value} {from_unit} to {to_unit}
            The wind blows at {value} {from_unit}. What is that in {to_unit}?
            Express the speed {value} {from_unit} in {to_unit}
            I drove {value} {from_unit}, how much is it in {to_unit}?
            A boat makes {value} {from_unit}; give me the speed in {to_unit}
            If a train runs at {value} {from_unit}, what is its speed in {to_unit}?
            Change the speed {value} {from_unit} into {to_unit}
        """),
        _converted(SPEEDS),
        names=("speed_converter", "convert_velocity"),
        relate=_other(SPEEDS),
    ),
    FunctionSpec(
        "convert_temperature",
        _DOMAIN,
        "Convert a temperature",
        (
            number("value", mixed(whole(2, 300), decimal(1, 90)), names=("temperature", "degrees")),
            *_units(SCALES),
        ),
        lines("""
            Convert {value} degrees {from_unit} to {to_unit}
            What is a temperature of {value} {from_unit} in {to_unit}?
            How warm is {value} degrees {from_unit} in {to_unit}?
            {value} degrees {from_unit} to {to_unit}
            Express the temperature {value} {from_unit} in {to_unit}
            The oven is at {value} {from_unit}. What is that in {to_unit}?
            I measured {value} degrees {from_unit}; how much is it in {to_unit}?
            The thermometer shows {value} {from_unit}, tell me in {to_unit}
            How hot is {value} {from_unit} on the {to_unit} scale?
            Give me {value} degrees {from_unit} as {to_unit}
        """),
        lambda a, random: {"value": convert_temperature(a["value"], a["from_unit"], a["to_unit"])},
        names=("temperature_converter", "convert_degrees"),
        relate=_other(SCALES),
    ),
    FunctionSpec(
        "convert_energy",
        _DOMAIN,
        "Convert an amount of energy",
        (number("value", _AMOUNT, names=("energy",)), *_units(ENERGIES)),
        lines("""
            Convert an energy of {value} {from_unit} to {to_unit}
            How many {to_unit} of energy are {value} {from_unit}?
            What is an energy of {value} {from_unit} in {to_unit}?
            energy {value} {from_unit} in {to_unit}
            A battery stores {value} {from_unit}. How many {to_unit} is that?
            Express {value} {from_unit} of energy in {to_unit}
            How much energy is {value} {from_unit} in {to_unit}?
            My heater used {value} {from_unit}, what is that in {to_unit}?
            I burned {value} {from_unit}; tell me the {to_unit}
            Change {value} {from_unit} of heat to {to_unit}
        """),
        _converted(ENERGIES),
        names=("energy_converter",),
        relate=_other(ENERGIES),
    ),
    FunctionSpec(
        "convert_pressure",
        _DOMAIN,
        "Convert a pressure",
        (number("value", _AMOUNT, names=("pressure",)), *_units(PRESSURES)),
        lines("""
            Convert a pressure of {value} {from_unit} to {to_unit}
            How many {to_unit} of pressure are {value} {from_unit}?
            What is a pressure of {value} {from_unit} in {to_unit}?
            pressure {value} {from_unit} in {to_unit}
            My tire has {value} {from_unit}. What is that in {to_unit}?
            Express {value} {from_unit} of pressure in {to_unit}
            The gauge shows {value} {from_unit}; how much is it in {to_unit}?
            The pump gives {value} {from_unit}, tell me the {to_unit}
            How strong is a pressure of {value} {from_unit} in {to_unit}?
            Change {value} {from_unit} on the gauge to {to_unit}
        """),
        _converted(PRESSURES),
        names=("pressure_converter",),
        relate=_other(PRESSURES),
    ),
    FunctionSpec(
        "convert_data_size",
        _DOMAIN,
        "Convert an amount of data",
        (number("value", _AMOUNT, names=("size",)), *_units(DATA_SIZES)),
        lines("""
            Convert {value} {from_unit} of data to {to_unit}
            How many {to_unit} of storage are {value} {from_unit}?
            What is {value} {from_unit} of data in {to_unit}?
            data: {value} {from_unit} as {to_unit}
            My phone has {value} {from_unit} of storage. How many {to_unit} is that?
            Express {value} {from_unit} of data in {to_unit}
            How much data is {value} {from_unit} in {to_unit}?
            A film takes {value} {from_unit}, what is that in {to_unit}?
            The disk holds {value} {from_unit}; tell me the {to_unit}
            Change a download of {value} {from_unit} into {to_unit}
        """),
        _converted(DATA_SIZES),
        names=("data_size_converter", "convert_storage"),
        relate=_other(DATA_SIZES),
    ),
    FunctionSpec(
        "convert_duration",
        _DOMAIN,
        "Convert a length of time",
        (number("value", _AMOUNT, names=("duration",)), *_units(DURATIONS)),
        lines("""
            Convert a time of {value} {from_unit} to {to_unit}
            How many {to_unit} does it take for {value} {from_unit} to pass?
            What are {value} {from_unit} in {to_unit}?
            {value} {from_unit} expressed in {to_unit}
            A trip takes {value} {from_unit}. How many {to_unit} is that?
            How long is a wait of {value} {from_unit} in {to_unit}?
            I slept {value} {from_unit}; give that in {to_unit}
            The ship needs {value} {from_unit}, how many {to_unit} are those?
            If a job lasts {value} {from_unit}, what is the time in {to_unit}?
            Change {value} {from_unit} of work into {to_unit}
        """),
        _converted(DURATIONS),
        names=("duration_converter", "convert_time_span"),
        relate=_other(DURATIONS),
    ),
    FunctionSpec(
        "convert_angle",
        _DOMAIN,
        "Convert an angle",
        (number("value", _AMOUNT, names=("angle",)), *_units(ANGLES)),
        lines("""
            Convert an angle of {value} {from_unit} to {to_unit}
            How many {to_unit} has an angle of {value} {from_unit}?
            What is an angle of {value} {from_unit} in {to_unit}?
            angle {value} {from_unit} in {to_unit}
            Express the angle {value} {from_unit} in {to_unit}
            The wheel moved {value} {from_unit}. How much is that in {to_unit}?
            I turn by {value} {from_unit}, what is that in {to_unit}?
            The robot rotated {value} {from_unit}; tell me the {to_unit}
            How far around is {value} {from_unit} in {to_unit}?
            Change the angle of {value} {from_unit} into {to_unit}
        """),
        _converted(ANGLES),
        names=("angle_converter",),
        relate=_other(ANGLES),
    ),
    FunctionSpec(
        "fuel_consumption",
        _DOMAIN,
        "Liters of fuel per 100 kilometers",
        (
            number("kilometers", magnitudes(40, 2500), names=("distance",)),
            number("liters", mixed(whole(4, 120), decimal(4, 90)), names=("fuel",)),
        ),
        lines("""
            What is my fuel consumption if I used {liters} liters for {kilometers} kilometers?
            Fuel consumption: {liters} liters on {kilometers} km
            My car burned {liters} liters over {kilometers} kilometers. How much per 100?
            I drove {kilometers} km with {liters} liters of fuel, what is the consumption?
            Compute liters per 100 km for {liters} liters and {kilometers} km
            consumption {kilometers} km, {liters} l
            After {kilometers} kilometers I refilled {liters} liters. What does the car consume?
            {liters} liters took me {kilometers} kilometers; how thirsty is my car?
            How economical is a van that needs {liters} liters for {kilometers} kilometers?
            For {kilometers} kilometers of road my motorbike drank {liters} liters, what is its consumption?
        """),
        lambda a, random: {"liters_per_100_km": tidy(100 * a["liters"] / a["kilometers"])},
        names=("compute_fuel_use", "fuel_efficiency"),
    ),
)
