"""Calendar, reminders, alarms and lists of things to do; what they change is simulated."""

from __future__ import annotations

from codeling.data.tool_functions.everyday_values import (
    WEEKDAYS,
    chore,
    clock,
    day,
    event,
    first_name,
    full_name,
    month_day,
    title,
)
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, integer, lines, listing, text
from codeling.data.tool_functions.values import mixed, one_of, whole

_DOMAIN = "planner"
_id = whole(100, 9999)
_list_name = one_of(("work", "home", "garden", "school", "holiday", "weekend", "errands", "family", "office", "moving",
                     "party", "kitchen", "camping", "renovation"))  # fmt: skip

FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "create_event",
        _DOMAIN,
        "Add an event to the calendar",
        (
            text("title", event, names=("name", "event")),
            text("day", day, names=("date",)),
            text("time", clock, names=("start_time",)),
            integer(
                "minutes",
                one_of((15, 20, 30, 40, 45, 60, 75, 90, 120, 150, 180)),
                "duration",
                required=False,
                default=60,
                names=("duration",),
            ),
        ),
        lines("""
            Add {title} to my calendar {day} at {time}[ for {minutes} minutes]
            Schedule {title} for {day} at {time}[, {minutes} minutes]
            Put {title} in the calendar, {day} {time}[, {minutes} minutes long]
            calendar: {title}, {day}, {time}[, {minutes} min]
            Create an event called {title} {day} at {time}[ lasting {minutes} minutes]
            I have {title} {day} at {time}[ for {minutes} minutes], please note it in my calendar
            Can you plan {title} {day} at {time}[ with {minutes} minutes]?
            New appointment: {title} at {time}, {day}[, it takes {minutes} minutes]
            Enter {title} into my schedule {day}, starting {time}[ and taking {minutes} minutes]
            At {time} {day} there is {title}[, {minutes} minutes]; save that in the calendar
        """),
        answer("title", "day", "time", id=_id),
        names=("add_event", "schedule_event"),
    ),
    FunctionSpec(
        "cancel_event",
        _DOMAIN,
        "Remove an event from the calendar",
        (text("title", event, names=("name", "event")), text("day", day, names=("date",))),
        lines("""
            Cancel {title} {day}
            Remove {title} from my calendar {day}
            Delete the event {title} {day}
            calendar: cancel {title} {day}
            I can't make it to {title} {day}, take it out of the calendar
            Please cancel the appointment {title} planned for {day}
            Drop {title} {day} from my schedule
            There will be no {title} {day}, delete it
            {title} {day} is called off, update my calendar
            Strike {title} off the calendar for {day}
        """),
        answer("title", "day", removed=True),
        names=("delete_event", "remove_event"),
    ),
    FunctionSpec(
        "move_event",
        _DOMAIN,
        "Move a calendar event to another time",
        (
            text("title", event, names=("name", "event")),
            text("new_day", day, names=("to_day",)),
            text("new_time", clock, names=("to_time",)),
        ),
        lines("""
            Move {title} to {new_day} at {new_time}
            Reschedule {title} to {new_day}, {new_time}
            Shift {title} to {new_time} {new_day}
            reschedule: {title}, {new_day}, {new_time}
            Can {title} be moved to {new_day} at {new_time}?
            Please change {title} so that it takes place {new_day} at {new_time}
            {title} has a new date: {new_day} at {new_time}
            Postpone {title} until {new_day} at {new_time}
            I'd rather have {title} {new_day} at {new_time}, change it
            Let {title} happen {new_day} at {new_time} instead
        """),
        answer("title", "new_day", "new_time"),
        names=("reschedule_event", "change_event"),
    ),
    FunctionSpec(
        "list_events",
        _DOMAIN,
        "List the calendar events of a day",
        (text("day", day, names=("date",)),),
        lines("""
            What is on my calendar {day}?
            Show my events for {day}
            calendar {day}
            What do I have planned {day}?
            List my appointments for {day}
            What does my schedule look like {day}?
            Tell me what is going on {day} in my calendar
            Do I have any appointments {day}?
            How busy is my calendar {day}?
            Read me my agenda for {day}
        """),
        lambda a, random: {
            "events": [{"title": event(random), "time": clock(random)} for _ in range(random.randint(0, 3))]
        },
        names=("get_events", "show_agenda"),
    ),
    FunctionSpec(
        "find_free_time",
        _DOMAIN,
        "Find a free slot for several people",
        (
            listing("people", first_name, 1, 4, names=("attendees", "participants")),
            text("day", day, names=("date",)),
            integer("minutes", one_of((15, 20, 30, 45, 60, 90, 120)), "length of the slot"),
        ),
        lines("""
            When are {people} free for {minutes} minutes {day}?
            Find {minutes} minutes {day} that suit {people}
            Look for a free slot of {minutes} minutes with {people} {day}
            free slot {day}, {minutes} minutes, with {people}
            I want to meet {people} {day} for {minutes} minutes. When is everybody free?
            Check when {people} have {minutes} minutes of free time {day}
            Find a common gap of {minutes} minutes for {people} {day}
            Which time {day} works for {people}, {minutes} minutes long?
            Do {people} have {minutes} minutes to spare {day}?
            Compare the calendars of {people} for {day}; I need {minutes} minutes
        """),
        answer("day", start=clock),
        names=("find_slot", "free_slot"),
    ),
    FunctionSpec(
        "set_reminder",
        _DOMAIN,
        "Set a reminder",
        (
            text("task", chore, names=("text", "message")),
            text("day", day, names=("date",)),
            text("time", clock, required=False),
        ),
        lines("""
            Remind me to {task} {day}[ at {time}]
            Set a reminder to {task} {day}[ at {time}]
            reminder {day}[ {time}]: {task}
            Don't let me forget to {task} {day}[ at {time}]
            I must {task} {day}[ at {time}], remind me
            Can you remind me {day}[ at {time}] that I have to {task}?
            Please create a reminder for {day}[, {time}]: {task}
            Tell me {day}[ at {time}] that I need to {task}
            Give me a nudge {day}[ at {time}] to {task}
            {day}[ at {time}] I want to be reminded to {task}
        """),
        answer("task", "day", id=_id),
        names=("create_reminder", "remind"),
    ),
    FunctionSpec(
        "set_alarm",
        _DOMAIN,
        "Set an alarm clock",
        (text("time", clock), listing("weekdays", one_of(WEEKDAYS), 1, 3, required=False, names=("repeat",))),
        lines("""
            Set an alarm for {time}[ every {weekdays}]
            Wake me up at {time}[ on {weekdays}]
            alarm {time}[ {weekdays}]
            I have to get up at {time}[ on {weekdays}], set the alarm
            Please set my alarm clock to {time}[ for {weekdays}]
            Can you wake me at {time}[ every {weekdays}]?
            New alarm: {time}[, repeat on {weekdays}]
            Let the alarm ring at {time}[ each {weekdays}]
            Make sure I am awake at {time}[ on {weekdays}]
            My alarm should go off at {time}[ every {weekdays}]
        """),
        answer("time", id=_id),
        names=("create_alarm", "wake_up"),
    ),
    FunctionSpec(
        "start_timer",
        _DOMAIN,
        "Start a countdown timer",
        (integer("minutes", whole(1, 180)), text("label", chore, required=False, names=("name",))),
        lines("""
            Set a timer for {minutes} minutes[ to {label}]
            Start a {minutes} minute timer[ called {label}]
            timer {minutes} min[, {label}]
            Count down {minutes} minutes[, label {label}]
            Beep in {minutes} minutes[ so that I {label}]
            Please start a countdown of {minutes} minutes[ named {label}]
            I need a timer of {minutes} minutes[ for this: {label}]
            Let me know when {minutes} minutes are over[, then I {label}]
            Run a timer, {minutes} minutes[, with the name {label}]
            Give me {minutes} minutes on the clock[ until I {label}]
        """),
        answer("minutes", id=_id),
        names=("set_timer", "countdown"),
    ),
    FunctionSpec(
        "add_task",
        _DOMAIN,
        "Add a task to a to-do list",
        (
            text("task", chore, names=("item", "title")),
            text("list", _list_name, "name of the list", required=False, names=("list_name",)),
            choice("priority", ("low", "medium", "high"), required=False, default="medium"),
        ),
        lines("""
            Add "{task}" to my[ {list}] to-do list[ with {priority} priority]
            New task[ on the {list} list]: {task}[, {priority} priority]
            Put "{task}" on my[ {list}] list of things to do[, priority {priority}]
            todo[ {list}]: {task}[ ({priority})]
            I have to {task}; add it to my[ {list}] tasks[ as {priority} priority]
            Please note the task "{task}"[ in the {list} list][ with priority {priority}]
            Create a[ {priority} priority] task to {task}[ in the list {list}]
            Write "{task}" on the[ {list}] to-do list[, it has {priority} priority]
            One more thing to do: {task}[, on the {list} list][, {priority} priority]
            My[ {list}] tasks should include "{task}"[ at {priority} priority]
        """),
        answer("task", id=_id),
        names=("create_task", "add_todo"),
    ),
    FunctionSpec(
        "complete_task",
        _DOMAIN,
        "Mark a to-do task as done",
        (text("task", chore, names=("item", "title")),),
        lines("""
            Mark "{task}" as done
            I finished the task "{task}"
            Check off "{task}"
            done: {task}
            Set the task "{task}" to completed
            The task "{task}" is done, tick it off
            Complete "{task}" on my to-do list
            "{task}" - finished, please cross it off
            I managed to {task}, mark that as completed
            You can tick off "{task}" now
        """),
        answer("task", done=True),
        names=("finish_task", "check_off"),
    ),
    FunctionSpec(
        "save_birthday",
        _DOMAIN,
        "Remember the birthday of a person",
        (
            text("name", mixed(first_name, full_name), names=("person",)),
            text(
                "date",
                month_day,
                names=("birthday",),
            ),
        ),
        lines("""
            Remember that the birthday of {name} is {date}
            Save the birthday of {name}: {date}
            {name} has a birthday on {date}, please remember
            birthday {name} {date}
            Note down {date} as the birthday of {name}
            Put {name}'s birthday, {date}, on the list
            The birthday of {name} is on {date}, keep that in mind
            Every {date} we celebrate {name}; save the birthday
            {name} was born on {date}. Store it as a birthday
            Don't forget that {name} turns a year older on {date}
        """),
        answer("name", "date", saved=True),
        names=("add_birthday", "remember_birthday"),
    ),
    FunctionSpec(
        "take_note",
        _DOMAIN,
        "Save a note under a title",
        (
            text("title", title, names=("name",)),
            text("body", lambda random: f"{chore(random)}, {chore(random)}", names=("text", "content")),
        ),
        lines("""
            Take a note called "{title}": {body}
            Save a note with the title "{title}" saying: {body}
            note "{title}": {body}
            Write down under "{title}": {body}
            Make a note titled "{title}" with the text "{body}"
            Please keep this note, title "{title}": {body}
            Create the note "{title}" containing "{body}"
            I want to note something as "{title}": {body}
            Jot this down under the title "{title}": {body}
            Store "{body}" as a note named "{title}"
        """),
        answer("title", id=_id),
        names=("save_note", "create_note"),
    ),
)
