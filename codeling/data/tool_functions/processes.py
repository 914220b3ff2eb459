# ruff: noqa: E501  (each line is one entry of a table)
"""Processes, services and scheduled jobs of a machine. Results are simulated."""

from __future__ import annotations

from random import Random
from typing import Any

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, mapping, text

_DOMAIN = "processes"
_PID = values.magnitudes(2, 65_000)
_KNOWN_SERVICES = ("nginx", "postgresql", "redis", "sshd", "docker", "cron", "mysql", "apache2", "cups", "bluetooth")


def service(random: Random) -> str:
    """The name of a service: nginx, maple-worker, order-api."""
    if random.random() < 0.3:
        return random.choice(_KNOWN_SERVICES)
    return f"{values.noun(random)}-{random.choice(('worker', 'api', 'daemon', 'server', 'proxy', 'agent', 'monitor', 'sync'))}"


def program(random: Random) -> str:
    """The name of a running program: python, maple, order-sync."""
    if random.random() < 0.3:
        return random.choice(("python", "node", "java", "firefox", "chrome", "vim", "bash", "ffmpeg", "rsync", "gcc"))
    return service(random) if random.random() < 0.5 else values.noun(random)


def command(random: Random) -> str:
    """A command line: python old_report.py, ./backup.sh --fast."""
    shape = random.randrange(3)
    if shape == 0:
        return f"python {values.file_with('py')(random)}"
    if shape == 1:
        return f"./{values.noun(random)}.sh --{random.choice(values.ADJECTIVES)}"
    return f"{random.choice(('make', 'npm run', 'cargo run --bin', 'bash'))} {values.noun(random)}"


def _cron(random: Random) -> str:
    shape = random.randrange(3)
    minute, hour = random.randint(0, 59), random.randint(0, 23)
    if shape == 0:
        return f"{minute} {hour} * * *"
    return (
        f"*/{random.choice((5, 10, 15, 20, 30))} * * * *"
        if shape == 1
        else f"{minute} {hour} * * {random.randint(0, 6)}"
    )


def _rows(a: dict[str, Any], random: Random) -> Any:
    return {"processes": [{"pid": _PID(random), "name": program(random)} for _ in range(min(3, a["count"] or 3))]}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("list_processes", _DOMAIN, "List running processes of a user",
        (text("user", values.login, names=("owner",)), choice("sort_by", ("cpu", "memory", "start"), required=False, default="cpu")),
        lines("""
            List the processes of user {user}[, sorted by {sort_by}]
            Which processes does {user} have running[, by {sort_by}]?
            Show what {user} is running on this machine[, sort by {sort_by}]
            ps -u {user}[ sort {sort_by}]
            What programs has {user} started[, ordered by {sort_by}]?
            Please list everything running as {user}[, sorted by {sort_by}]
            Give me all processes that belong to {user}[, ordered by {sort_by}]
            Is {user} running anything[? Sort it by {sort_by}]
            I want an overview of {user}'s processes[, by {sort_by}]
        """), lambda a, r: {"processes": [{"pid": _PID(r), "name": program(r)} for _ in range(r.randint(0, 3))]}, names=("user_processes", "show_processes")),
    FunctionSpec("top_processes", _DOMAIN, "Find the processes using most resources",
        (choice("resource", ("cpu", "memory", "disk", "network")), integer("count", values.whole(1, 30), required=False, default=5, names=("limit",))),
        lines("""
            Which[ {count}] processes use the most {resource}?
            Show the[ {count}] processes with the highest {resource} use
            Top[ {count}] processes by {resource}
            What is eating all my {resource}[? List {count} processes]
            Find the[ {count}] biggest {resource} hogs
            The machine is slow, who needs so much {resource}[? Show {count}]
            Rank running programs by {resource}[, {count} of them]
            Tell me what uses {resource} most[, give me {count} entries]
            Who is wasting {resource} right now[? The worst {count}, please]
        """), _rows, names=("resource_hogs",)),
    FunctionSpec("kill_process", _DOMAIN, "Stop a process by its id",
        (integer("pid", _PID, "process id", names=("process_id",)), flag("force", "by force", "gently")),
        lines("""
            Kill process {pid}[ {force}]
            kill {pid}[ {force}]
            Stop the process with id {pid}[ {force}]
            Please terminate process {pid}[ {force}]
            End the process number {pid}[ {force}]
            Process {pid} hangs, kill it[ {force}]
            Can you stop PID {pid}[ {force}]?
            Make the process {pid} go away[ {force}]
            I'd like the process with PID {pid} ended[ {force}]
        """), answer("pid", killed=True), names=("terminate_process", "stop_process")),
    FunctionSpec("kill_by_name", _DOMAIN, "Stop all processes of a program",
        (text("name", program, names=("program",)),),
        lines("""
            Kill all {name} processes
            killall {name}
            Stop every running {name}
            Please end all processes called {name}
            Close every instance of the program {name}
            Can you terminate all the {name} processes?
            There are too many {name} processes, kill them all
            I want no {name} process left
            Shut down whatever runs under the name {name}
        """), answer("name", killed=values.whole(0, 12)), names=("killall", "stop_program")),
    FunctionSpec("get_process_info", _DOMAIN, "Get facts about a process",
        (integer("pid", _PID, "process id", names=("process_id",)),),
        lines("""
            What is process {pid}?
            Show details of process {pid}
            Which program has the PID {pid}?
            info on pid {pid}
            Tell me about the process with id {pid}
            What does process {pid} do and who started it?
            Look up process number {pid}
            I see a process {pid}, what is that?
            Describe the running process {pid}
        """), lambda a, r: {"pid": a["pid"], "name": program(r), "memory_mb": values.magnitudes(1, 9000)(r)}, names=("process_details", "inspect_process")),
    FunctionSpec("find_process", _DOMAIN, "Find process ids by program name",
        (text("name", program, names=("program",)),),
        lines("""
            What is the process id of {name}?
            Find the PID of {name}
            pgrep {name}
            Which PID does {name} have?
            Get me the process ids for {name}
            Under which process number is {name} running?
            Look for the process id of the program {name}
            I need {name}'s pid
            Is a process called {name} running, and with what id?
        """), lambda a, r: {"pids": [_PID(r) for _ in range(r.randint(0, 3))]}, names=("get_pid", "process_id_of")),
    FunctionSpec("set_priority", _DOMAIN, "Change the priority of a process",
        (integer("pid", _PID, "process id", names=("process_id",)), integer("priority", values.whole(-20, 19), names=("nice",))),
        lines("""
            Set the priority of process {pid} to {priority}
            renice {pid} to {priority}
            Give process {pid} the priority {priority}
            Change the nice value of process {pid} to {priority}
            Please run process {pid} at priority {priority}
            Process {pid} should have priority {priority}
            Can process {pid} get a nice level of {priority}?
            Let PID {pid} continue with priority {priority}
            Adjust how nice process {pid} is: {priority}
        """), answer("pid", "priority"), names=("renice", "change_priority")),
    FunctionSpec("start_service", _DOMAIN, "Start a service",
        (text("service", service, names=("name",)),),
        lines("""
            Start the service {service}
            systemctl start {service}
            Please start {service}
            Launch the {service} service
            Bring up the service {service}
            {service} is down, start it
            Can you get the service {service} running?
            The service {service} should be running, start it now
            Turn on the {service} service
        """), answer("service", state="running"), names=("launch_service",)),
    FunctionSpec("stop_service", _DOMAIN, "Stop a service",
        (text("service", service, names=("name",)),),
        lines("""
            Stop the service {service}
            systemctl stop {service}
            Please stop {service}
            Shut down the {service} service
            Take the service {service} down
            {service} should not be running, stop the service
            Can you halt the service {service}?
            Let the service {service} come to an end
            Turn off the {service} service
        """), answer("service", state="stopped"), names=("halt_service", "shut_down_service")),
    FunctionSpec("restart_service", _DOMAIN, "Restart a service",
        (text("service", service, names=("name",)), integer("delay", values.whole(1, 120), "seconds to wait", required=False, default=0)),
        lines("""
            Restart the service {service}[ in {delay} seconds]
            systemctl restart {service}[ after {delay} seconds]
            Please restart {service}[, wait {delay} seconds]
            Stop and start the service {service}[ with {delay} seconds between]
            Give the {service} service a restart[ in {delay} seconds]
            {service} hangs, restart it[ after {delay} seconds]
            Can you restart the {service} service[ in {delay} seconds]?
            I changed its config, so restart {service}[, {delay} seconds from now]
            The service {service} needs a fresh start[ after {delay} seconds]
        """), answer("service", state="running"), names=("reload_service",)),
    FunctionSpec("service_status", _DOMAIN, "Check whether a service is running",
        (text("service", service, names=("name",)),),
        lines("""
            Is the service {service} running?
            Status of the service {service}
            systemctl status {service}
            Check whether {service} is up
            How is the service {service} doing?
            Please check on the {service} service
            Tell me if the service {service} is alive
            Has the service {service} crashed?
            Can you see if {service} still runs as a service?
        """), answer("service", state=values.one_of(("running", "stopped", "failed"))), names=("check_service",)),
    FunctionSpec("enable_service", _DOMAIN, "Start a service at every boot",
        (text("service", service, names=("name",)),),
        lines("""
            Enable {service} at boot
            systemctl enable {service}
            Start {service} automatically when the machine boots
            Make the service {service} start with the system
            Please let {service} run after every reboot
            {service} should come up by itself at boot
            Can you make {service} start on boot?
            After a reboot I want the service {service} to be there
            Have the {service} service launched at each system start
        """), answer("service", enabled=True), names=("autostart_service",)),
    FunctionSpec("run_in_background", _DOMAIN, "Run a command in the background",
        (text("command", command), text("log", values.file_with("log", "txt"), "file for output", required=False)),
        lines("""
            Run "{command}" in the background[, logging to {log}]
            Start "{command}" as a background job[ with output in {log}]
            nohup {command} &[ > {log}]
            Please launch "{command}" in the background[ and write to {log}]
            Can you run "{command}" without blocking my shell[, output to {log}]?
            Let "{command}" work in the background[, its output goes to {log}]
            Send "{command}" to the background[ and keep its output in {log}]
            Don't wait for "{command}", run it in the background[ (log {log})]
            I want "{command}" going while I do other things[, log it in {log}]
        """), answer("command", pid=_PID), names=("start_background_job",)),
    FunctionSpec("run_with_variables", _DOMAIN, "Run a command with environment variables",
        (text("command", command), mapping("variables", lambda r: values.noun(r).upper(), values.mixed(values.word, values.slug), names=("env",))),
        lines("""
            Run "{command}" with {variables}
            Execute "{command}" with the environment {variables}
            env {variables} {command}
            Please start "{command}", the variables are {variables}
            Set {variables} and then run "{command}"
            Can you run "{command}" with {variables} in its environment?
            "{command}" needs {variables}, run it that way
            Call "{command}" after setting {variables}
            With {variables} set, launch "{command}"
        """), answer("command", exit_code=values.one_of((0, 0, 0, 1))), names=("run_with_env",)),
    FunctionSpec("schedule_job", _DOMAIN, "Run a command on a cron schedule",
        (text("command", command), text("schedule", _cron, "cron expression", names=("cron",))),
        lines("""
            Schedule "{command}" with the cron expression "{schedule}"
            Run "{command}" on the schedule "{schedule}"
            Add the cron job "{schedule}" for "{command}"
            crontab: {schedule} {command}
            Please run "{command}" regularly, cron "{schedule}"
            Let cron run "{command}" at "{schedule}"
            I need a cron job "{command}", the schedule is "{schedule}"
            Make "{command}" a scheduled job: "{schedule}"
            Following the cron line "{schedule}", start "{command}"
        """), answer("schedule", job=values.whole(1, 99)), names=("add_cron_job", "create_scheduled_job")),
    FunctionSpec("cancel_job", _DOMAIN, "Cancel a scheduled job",
        (integer("job", values.magnitudes(1, 9999), "job number", names=("job_id",)),),
        lines("""
            Cancel job {job}
            Remove the scheduled job {job}
            Please cancel the job number {job}
            Delete job {job} from the schedule
            cancel job #{job}
            Job {job} should not run again
            Can you take job {job} off the schedule?
            I don't want job {job} to run any more
            Unschedule job {job}
        """), answer("job", cancelled=True), names=("remove_scheduled_job",)),
    FunctionSpec("limit_memory", _DOMAIN, "Limit the memory of a process",
        (integer("pid", _PID, "process id", names=("process_id",)), integer("megabytes", values.magnitudes(16, 64_000), names=("limit_mb",))),
        lines("""
            Limit process {pid} to {megabytes} megabytes of memory
            Cap the memory of process {pid} at {megabytes} MB
            Process {pid} may use {megabytes} MB at most
            memory limit pid {pid}: {megabytes} MB
            Please restrict PID {pid} to {megabytes} MB
            Don't let process {pid} take more than {megabytes} megabytes
            Set a memory limit of {megabytes} MB on process {pid}
            Can you keep process {pid} below {megabytes} MB of memory?
            Only {megabytes} megabytes of RAM for process {pid}, please
        """), answer("pid", "megabytes"), names=("set_memory_limit",)),
    FunctionSpec("wait_for_process", _DOMAIN, "Wait until a process ends",
        (integer("pid", _PID, "process id", names=("process_id",)), integer("timeout", values.magnitudes(1, 7200), "seconds", required=False)),
        lines("""
            Wait for process {pid} to finish[, at most {timeout} seconds]
            Wait until process {pid} ends[ or {timeout} seconds pass]
            Tell me when process {pid} is done[, give up after {timeout} seconds]
            wait {pid}[ timeout {timeout}]
            Please hold on until PID {pid} exits[, maximum {timeout} seconds]
            Block until the process {pid} is over[, timeout {timeout}]
            Don't continue before process {pid} has finished[ ({timeout} seconds at most)]
            Can you wait for PID {pid} to exit[ for up to {timeout} seconds]?
            Let process {pid} complete first[, within {timeout} seconds]
        """), answer("pid", exit_code=values.one_of((0, 0, 1))), names=("await_process",)),
)  # fmt: skip
