"""The everyday half of the catalogue, domain by domain."""

from __future__ import annotations

from codeling.data.tool_functions import (
    dates,
    finance,
    food,
    games,
    geography,
    health,
    knowledge,
    languages,
    mathematics,
    media,
    messaging,
    planner,
    shopping,
    smart_home,
    sports,
    tables,
    travel,
    units,
    weather,
)
from codeling.data.tool_functions.spec import FunctionSpec

EVERYDAY: tuple[FunctionSpec, ...] = (
    *mathematics.FUNCTIONS,
    *units.FUNCTIONS,
    *tables.FUNCTIONS,
    *dates.FUNCTIONS,
    *planner.FUNCTIONS,
    *weather.FUNCTIONS,
    *travel.FUNCTIONS,
    *geography.FUNCTIONS,
    *shopping.FUNCTIONS,
    *finance.FUNCTIONS,
    *food.FUNCTIONS,
    *health.FUNCTIONS,
    *smart_home.FUNCTIONS,
    *media.FUNCTIONS,
    *sports.FUNCTIONS,
    *games.FUNCTIONS,
    *messaging.FUNCTIONS,
    *languages.FUNCTIONS,
    *knowledge.FUNCTIONS,
)
