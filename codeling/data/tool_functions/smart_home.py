"""The smart home: lights, heating, locks and machines; the devices are simulated."""

from __future__ import annotations

from random import Random

from codeling.data.tool_functions.everyday_values import ROOMS, clock, in_order, thing
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, number, text
from codeling.data.tool_functions.values import decimal, mixed, one_of, whole

_DOMAIN = "smart_home"
_FLOORS = ("", "", "upstairs ", "downstairs ", "front ", "back ", "big ", "small ")
_DEVICES = ("fan", "heater", "printer", "radio", "coffee machine", "humidifier", "television", "air purifier",
            "dehumidifier", "water pump", "aquarium light", "kettle", "rice cooker", "speaker", "router",
            "fountain", "toaster", "projector", "computer", "oven", "towel dryer")  # fmt: skip
_COLORS = ("red", "green", "blue", "white", "orange", "purple", "pink", "yellow")


def _room(random: Random) -> str:
    """A room, sometimes told from another one: "upstairs bathroom"."""
    return random.choice(_FLOORS) + random.choice(ROOMS)


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "switch_light",
        _DOMAIN,
        "Turn the light of a room on or off",
        (text("room", _room, names=("location",)), choice("state", ("on", "off"))),
        lines("""
            Turn {state} the light in the {room}
            Switch the {room} light {state}
            Turn the lights {state} in the {room}
            {room} light {state}
            Please switch {state} the lamp in the {room}
            Can you turn the {room} lights {state}?
            Lights {state} in the {room}
            The light in the {room} should be {state}
            I want the {room} lamp {state}
            Make sure the {room} light is {state}
        """),
        answer("room", "state"),
        names=("set_light", "toggle_light"),
    ),
    FunctionSpec(
        "dim_light",
        _DOMAIN,
        "Set brightness and color of a light",
        (
            text("room", _room, names=("location",)),
            integer("percent", whole(1, 100), names=("brightness",)),
            choice("color", _COLORS, required=False),
        ),
        lines("""
            Dim the light in the {room} to {percent} percent[ in {color}]
            Set the {room} brightness to {percent}%[ and the color to {color}]
            Make the {room} light {percent} percent bright[ and {color}]
            {room} brightness {percent}[, {color}]
            Put the lamp of the {room} at {percent}%[ with {color} light]
            I'd like the {room} lit at {percent} percent[ in {color}]
            Change the brightness of the {room} to {percent}[, color {color}]
            Can the {room} be lit at {percent}%[ in {color} tones]?
            The {room} is not right for reading, go to {percent} percent brightness[ in {color}]
            Give me {percent}% light in the {room}[, {color} please]
        """),
        answer("room", "percent"),
        names=("set_brightness", "adjust_light"),
    ),
    FunctionSpec(
        "set_temperature",
        _DOMAIN,
        "Set the heating of a room",
        (
            text("room", _room, names=("location",)),
            number("degrees", mixed(whole(12, 28), decimal(15, 26)), names=("temperature",)),
        ),
        lines("""
            Set the temperature in the {room} to {degrees} degrees
            Heat the {room} to {degrees} degrees
            Make it {degrees} degrees in the {room}
            thermostat {room} {degrees}
            Turn the heating in the {room} to {degrees}
            I want {degrees} degrees in the {room}
            Please adjust the {room} thermostat to {degrees} degrees
            The {room} should have {degrees} degrees
            It is uncomfortable in the {room}, bring it to {degrees} degrees
            Let the radiator of the {room} go for {degrees} degrees
        """),
        answer("room", "degrees"),
        names=("set_thermostat", "heat_room"),
    ),
    FunctionSpec(
        "room_climate",
        _DOMAIN,
        "Measure temperature and humidity of a room",
        (text("room", _room, names=("location",)),),
        lines("""
            How warm is it in the {room}?
            What is the temperature in the {room}?
            climate {room}
            Measure the humidity in the {room}
            Is it cold in the {room}?
            Tell me temperature and humidity of the {room}
            Read the sensor in the {room}
            How humid is the {room}?
            Check if the {room} is too warm
            What does the thermometer in the {room} say?
        """),
        answer("room", degrees=whole(14, 30), humidity=whole(20, 80)),
        names=("read_thermometer", "room_temperature"),
    ),
    FunctionSpec(
        "lock_door",
        _DOMAIN,
        "Lock or unlock a door",
        (
            text("door", mixed(_room, one_of(("front", "back", "side", "patio", "cellar"))), names=("location",)),
            choice("action", ("lock", "unlock")),
        ),
        lines("""
            {action} the {door} door
            Please {action} the {door} door right now
            Can you {action} the {door} door?
            {door} door: {action}
            I want you to {action} the {door} door
            Would you {action} the {door} door, please
            I forgot to {action} the {door} door, do it
            Go ahead and {action} the {door} door for me
            It's time to {action} the {door} door
            The {door} door, could you {action} it?
        """),
        answer("door", done=True),
        names=("door_lock", "control_lock"),
    ),
    FunctionSpec(
        "move_blinds",
        _DOMAIN,
        "Open the blinds of a room by percent",
        (
            text("room", _room, names=("location",)),
            integer("percent", whole(0, 100), "100 is fully open", names=("opening",)),
        ),
        lines("""
            Open the blinds in the {room} to {percent} percent
            Set the {room} blinds to {percent}%
            blinds {room} {percent}
            Move the blinds of the {room} to {percent} percent open
            Put the {room} shutters at {percent}%
            I want the blinds in the {room} {percent} percent open
            Please adjust the {room} blinds to {percent}
            The blinds in the {room} should stand at {percent} percent
            Let light into the {room}: blinds at {percent}%
            Could the {room} shutters go to {percent} percent?
        """),
        answer("room", "percent"),
        names=("set_blinds", "control_shutters"),
    ),
    FunctionSpec(
        "start_vacuum",
        _DOMAIN,
        "Send the cleaning robot to a room",
        (
            text("room", _room, names=("location",)),
            choice("mode", ("quiet", "normal", "strong"), required=False, default="normal"),
        ),
        lines("""
            Vacuum the {room}[ in {mode} mode]
            Send the robot to clean the {room}[, {mode} mode]
            Start vacuuming in the {room}[ with {mode} suction]
            vacuum {room}[ {mode}]
            Let the robot vacuum the {room}[, {mode}]
            The {room} is dusty, clean it with the robot[ in {mode} mode]
            Have the vacuum robot do the {room}[ on {mode}]
            Clean the floor of the {room} by robot[, {mode} setting]
            Crumbs all over the {room}! Start the vacuum[ in {mode} mode]
            Robot, go to the {room} and clean up[, {mode} please]
        """),
        answer("room", minutes=whole(5, 60)),
        names=("robot_clean", "vacuum_room"),
    ),
    FunctionSpec(
        "switch_device",
        _DOMAIN,
        "Turn an electrical device on or off",
        (
            text("device", one_of(_DEVICES), names=("appliance",)),
            choice("state", ("on", "off")),
            text("room", _room, required=False, names=("location",)),
        ),
        lines("""
            Turn {state} the {device}[ in the {room}]
            Switch the {device}[ in the {room}] {state}
            Please turn the {device} {state}[ in the {room}]
            device {device} {state}[, {room}]
            Can you switch {state} the {device}[ of the {room}]?
            I want the {device}[ in the {room}] {state}
            The {device}[ in the {room}] should be {state}
            Set the {device} to {state}[ in the {room}]
            Power {state} the {device}[ standing in the {room}]
            Would you mind switching the {device} {state}[ in the {room}]?
        """),
        answer("device", "state"),
        names=("toggle_device", "control_device"),
    ),
    FunctionSpec(
        "schedule_device",
        _DOMAIN,
        "Run a device daily at given times",
        (
            text("device", one_of(_DEVICES), names=("appliance",)),
            text("on_at", clock, names=("start",)),
            text("off_at", clock, names=("stop",)),
        ),
        lines("""
            Run the {device} every day from {on_at} to {off_at}
            Turn the {device} on at {on_at} and off at {off_at} each day
            schedule {device} {on_at}-{off_at}
            Let the {device} run daily between {on_at} and {off_at}
            The {device} should start at {on_at} and stop at {off_at} every day
            Program the {device}: on {on_at}, off {off_at}
            Every day the {device} goes on at {on_at} and off at {off_at}
            Make a daily schedule for the {device}, {on_at} until {off_at}
            I want the {device} to work from {on_at} till {off_at} each day
            Each morning switch on the {device} at {on_at}; it ends at {off_at}
        """),
        answer("device", "on_at", "off_at"),
        names=("device_schedule", "program_device"),
        relate=in_order("on_at", "off_at"),
    ),
    FunctionSpec(
        "energy_use",
        _DOMAIN,
        "Electricity that a device used in a period",
        (
            text("device", one_of(_DEVICES), names=("appliance",)),
            choice("period", ("today", "this_week", "this_month", "this_year")),
        ),
        lines("""
            How much electricity did the {device} use {period}?
            Energy use of the {device} {period}
            power consumption {device} {period}
            What did the {device} consume {period}?
            Show me how much power the {device} needed {period}
            How many kilowatt hours went into the {device} {period}?
            Tell me the electricity used by the {device} {period}
            Is the {device} wasting power {period}? Show its consumption
            I wonder what the {device} costs in electricity {period}
            {period}, how much current did the {device} draw?
        """),
        answer("device", "period", kilowatt_hours=decimal(1, 90)),
        names=("power_usage", "device_energy"),
    ),
    FunctionSpec(
        "activate_scene",
        _DOMAIN,
        "Activate a saved scene of the home",
        (text("scene", thing, names=("name",)),),
        lines("""
            Activate the scene {scene}
            Start the "{scene}" scene
            scene: {scene}
            Switch the house to the scene {scene}
            I'd like the {scene} scene now
            Set the home to scene "{scene}"
            Turn on the scene named {scene}
            Please bring up the saved scene {scene}
            Make the house look like in the scene {scene}
            Time for the {scene} scene at home
        """),
        answer("scene", active=True),
        names=("start_scene", "run_scene"),
    ),
    FunctionSpec(
        "show_camera",
        _DOMAIN,
        "Show the picture of a home camera",
        (
            text("place", _room, names=("camera", "location")),
            flag("record", "and record it", "without recording", default=False),
        ),
        lines("""
            Show me the camera of the {place}[ {record}]
            Open the {place} camera[ {record}]
            camera {place}[ {record}]
            What is going on in the {place}? Show the camera[ {record}]
            Let me see the {place} through the camera[ {record}]
            I want to look at the camera in the {place}[ {record}]
            Display the picture from the {place} camera[ {record}]
            There is a noise in the {place}, give me the camera[ {record}]
            Is anybody in the {place}? Turn to that camera[ {record}]
            Bring the {place} camera onto my screen[ {record}]
        """),
        answer("place", "record", motion=lambda random: random.random() < 0.3),
        names=("view_camera", "open_camera"),
    ),
)
