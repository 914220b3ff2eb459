# ruff: noqa: E501  (each line is one entry of a table)
"""System administration: users, disks, memory, settings, updates, logs. Results are simulated."""

from __future__ import annotations

from random import Random
from typing import Any

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, text

_DOMAIN = "system"
_MINUTES = values.magnitudes(1, 1440)


def _group(random: Random) -> str:
    return (
        random.choice(("sudo", "docker", "audio", "video", "www-data", "wheel", "staff"))
        if random.random() < 0.3
        else values.plural(values.noun(random))
    )


def _device(random: Random) -> str:
    return f"/dev/{random.choice(('sd', 'vd', 'xvd'))}{random.choice('abcdefgh')}{random.randint(1, 9)}"


def _variable(random: Random) -> str:
    return f"{values.noun(random)}_{random.choice(('path', 'home', 'token', 'url', 'mode', 'level', 'host', 'port'))}".upper()


def _public_key(random: Random) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return f"ssh-ed25519 {''.join(random.choice(letters) for _ in range(16))}"


def _log_lines(a: dict[str, Any], random: Random) -> Any:
    level = a["level"] or random.choice(("info", "warning", "error"))
    return {"lines": [f"{level.upper()} {values.sentence(random)}" for _ in range(min(2, a["count"]))]}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("get_disk_usage", _DOMAIN, "Show used and free disk space",
        (text("path", values.folder, names=("mount_point",)), choice("unit", ("percent", "megabytes", "gigabytes"), required=False, default="percent")),
        lines("""
            How full is the disk at {path}[, in {unit}]?
            Show the disk usage of the volume {path}[ in {unit}]
            df {path}[ in {unit}]
            How much disk space is left on {path}[, in {unit}]?
            Is there enough free space on the disk {path}[? Tell me in {unit}]
            Please check the free disk space at {path}[ in {unit}]
            Get me the disk usage for the mount {path}[, as {unit}]
            Will the disk of {path} be full soon[? Show {unit}]
            I'm worried about disk space on {path}, how much is used[ in {unit}]?
        """), answer("path", used=values.whole(1, 99), free=values.whole(1, 99)), names=("disk_usage", "free_disk_space")),
    FunctionSpec("get_memory_usage", _DOMAIN, "Show how much memory is in use",
        (choice("unit", ("percent", "megabytes", "gigabytes"), required=False, default="percent"), flag("swap", "with swap", "without swap", names=("include_swap",))),
        lines("""
            How much memory is in use[, in {unit}][, {swap}]?
            Show the memory usage[ in {unit}][ {swap}]
            free memory[ {unit}][ {swap}]
            How much RAM is free on this machine[, in {unit}][, {swap}]?
            Please check the memory of this computer[ in {unit}][, {swap}]
            Is the machine short of memory[? Use {unit}][, {swap}]
            What is the current RAM usage[ in {unit}][, {swap}]?
            Get the used and free memory[, as {unit}][, {swap}]
            Do I have RAM to spare[, in {unit}][, {swap}]?
        """), answer(used=values.whole(1, 99), free=values.whole(1, 99)), names=("memory_usage", "free_memory")),
    FunctionSpec("get_cpu_load", _DOMAIN, "Show the load of the processor",
        (integer("minutes", values.one_of((1, 5, 15, 30, 60)), "time to average over", required=False, default=1),),
        lines("""
            How busy is the CPU[ over {minutes} minutes]?
            Show the CPU load[ of the last {minutes} minutes]
            load average[ {minutes} min]
            What is the processor load[ averaged over {minutes} minutes]?
            Is the processor under heavy load[, looking at {minutes} minutes]?
            Please get the CPU usage[ for the last {minutes} minutes]
            How much work does the processor have[, {minutes} minute average]?
            Check the load on the CPU[, {minutes} minutes]
            Tell me how hard the CPU has been working[ for the past {minutes} minutes]
        """), answer(load=values.decimal(0, 16, 2)), names=("cpu_load", "cpu_usage")),
    FunctionSpec("get_uptime", _DOMAIN, "How long a machine has been running",
        (text("host", values.host, names=("machine",)),),
        lines("""
            How long has {host} been up?
            What is the uptime of {host}?
            uptime {host}
            Since when is the machine {host} running?
            When was {host} last rebooted?
            Please get the uptime for {host}
            How many days has {host} been running?
            Tell me how long the server {host} has gone without a reboot
            Did {host} restart recently? Show its uptime
        """), answer("host", days=values.magnitudes(1, 900)), names=("uptime", "time_since_boot")),
    FunctionSpec("reboot_machine", _DOMAIN, "Reboot a machine",
        (text("host", values.host, names=("machine",)), integer("minutes", _MINUTES, "delay", required=False, default=0, names=("delay",))),
        lines("""
            Reboot {host}[ in {minutes} minutes]
            Restart the machine {host}[ in {minutes} minutes]
            reboot {host}[ +{minutes}]
            Please reboot the server {host}[ after {minutes} minutes]
            Can you restart the computer {host}[ {minutes} minutes from now]?
            {host} needs a reboot[ in {minutes} minutes]
            Do a reboot of {host}[, wait {minutes} minutes first]
            The update on {host} wants a reboot[, do it in {minutes} minutes]
            Power-cycle the server {host}[ with {minutes} minutes delay]
        """), answer("host", rebooting=True), names=("restart_machine",)),
    FunctionSpec("shut_down_machine", _DOMAIN, "Turn a machine off",
        (text("host", values.host, names=("machine",)), integer("minutes", _MINUTES, "delay", required=False, default=0, names=("delay",)), text("message", values.sentence, "for logged-in users", required=False)),
        lines("""
            Shut down {host}[ in {minutes} minutes][ with the message "{message}"]
            Turn off the machine {host}[ in {minutes} minutes][ and say "{message}"]
            shutdown {host}[ +{minutes}][ "{message}"]
            Please power off the server {host}[ after {minutes} minutes][, telling users "{message}"]
            Can you switch off {host}[ {minutes} minutes from now][ with "{message}"]?
            {host} should be shut down[ in {minutes} minutes][, message "{message}"]
            Power down {host}[, wait {minutes} minutes][, announce "{message}"]
            Nobody needs {host} tonight, turn the machine off[ in {minutes} minutes][, warn with "{message}"]
            Let the server {host} go off[ in {minutes} minutes][ after showing "{message}"]
        """), answer("host", shutting_down=True), names=("power_off",)),
    FunctionSpec("create_user", _DOMAIN, "Create a user account",
        (text("user", values.login, names=("username",)), listing("groups", _group, 1, 3, required=False), text("shell", values.one_of(("/bin/bash", "/bin/zsh", "/bin/sh", "/usr/bin/fish", "/bin/false")), required=False, default="/bin/bash")),
        lines("""
            Create the user {user}[ in the groups {groups}][ with the shell {shell}]
            Add a user account {user}[, groups {groups}][, shell {shell}]
            useradd {user}[ -G {groups}][ -s {shell}]
            Please make an account for {user}[ in {groups}][, using {shell}]
            {user} is new here, create an account[ with groups {groups}][ and shell {shell}]
            Can you set up a login named {user}[ that is in {groups}][, shell {shell}]?
            I need a new user {user} on this machine[, member of {groups}][, with {shell}]
            Give {user} an account on this computer[, in the groups {groups}][, login shell {shell}]
            Register {user} as a system user[ belonging to {groups}][ with {shell} as shell]
        """), answer("user", uid=values.whole(1000, 9999)), names=("add_user", "new_user_account")),
    FunctionSpec("delete_user", _DOMAIN, "Delete a user account",
        (text("user", values.login, names=("username",)), flag("remove_home", "with the home folder", "but keep the home folder")),
        lines("""
            Delete the user {user}[ {remove_home}]
            Remove the account of {user}[ {remove_home}]
            userdel {user}[ {remove_home}]
            Please delete the user account {user}[, {remove_home}]
            {user} has left, delete the account[ {remove_home}]
            Can you remove the login {user}[ {remove_home}]?
            The system user {user} is no longer needed, delete it[ {remove_home}]
            Get rid of user {user} on this machine[, {remove_home}]
            Close the account {user} for good[ {remove_home}]
        """), answer("user", deleted=True), names=("remove_user", "delete_account")),
    FunctionSpec("lock_user", _DOMAIN, "Lock a user account",
        (text("user", values.login, names=("username",)), text("until", values.iso_date, "date", required=False)),
        lines("""
            Lock the account {user}[ until {until}]
            Lock the user {user} out[ until {until}]
            Suspend the login of {user}[ until {until}]
            Please disable the account {user}[ until {until}]
            passwd -l {user}[ until {until}]
            {user} must not be able to log in[ until {until}]
            Can you freeze the account of {user}[ until {until}]?
            Block logins of the user {user}[ up to {until}]
            Keep {user} from logging in[ before {until}]
        """), answer("user", locked=True), names=("disable_user", "suspend_account")),
    FunctionSpec("add_user_to_group", _DOMAIN, "Add a user to a group",
        (text("user", values.login, names=("username",)), text("group", _group, names=("group_name",))),
        lines("""
            Add {user} to the group {group}
            Put the user {user} in the group {group}
            usermod -aG {group} {user}
            Make {user} a member of {group}
            Please add the user {user} to {group}
            {user} should be in the group {group}
            Can {user} join the group {group}?
            The group {group} needs {user} as a member
            Let {user} have the rights of the group {group}
        """), answer("user", "group"), names=("join_group",)),
    FunctionSpec("list_groups", _DOMAIN, "List the groups of a user",
        (text("user", values.login, names=("username",)),),
        lines("""
            Which groups is {user} in?
            List the groups of {user}
            groups {user}
            Show the group memberships of user {user}
            What groups does {user} belong to?
            Please tell me the groups of the user {user}
            Is {user} in any special group? List them
            I want to see all groups that have {user}
            Look up in which groups {user} is a member
        """), lambda a, r: {"groups": [_group(r) for _ in range(r.randint(1, 3))]}, names=("user_groups", "group_memberships")),
    FunctionSpec("list_logged_in_users", _DOMAIN, "List who is logged in to a machine",
        (text("host", values.host, names=("machine",)),),
        lines("""
            Who is logged in on {host}?
            List the users logged in to {host}
            who {host}
            Which users are on {host} right now?
            Show the active sessions on the machine {host}
            Please see who is using {host}
            Is anybody working on the server {host}?
            Before I stop {host}, who is logged in there?
            Check the logins that are open on {host}
        """), lambda a, r: {"users": [values.login(r) for _ in range(r.randint(0, 3))]}, names=("logged_in_users", "active_sessions")),
    FunctionSpec("set_environment_variable", _DOMAIN, "Set an environment variable",
        (text("name", _variable, names=("variable",)), text("value", values.mixed(values.word, values.folder, values.url, values.slug)), flag("permanent", "permanently", "for this session only", names=("persist",))),
        lines("""
            Set the environment variable {name} to {value}[ {permanent}]
            export {name}={value}[ {permanent}]
            {name} should be {value} in the environment[, {permanent}]
            Please set {name} to {value} as an environment variable[, {permanent}]
            Change the environment variable {name} into {value}[ {permanent}]
            Can you put {name} with the value {value} in my environment[ {permanent}]?
            Define {name} as {value} in the shell environment[, {permanent}]
            My programs need {name} to be {value} in the environment[, {permanent}]
            Let the variable {name} have the value {value}[ {permanent}]
        """), answer("name", set=True), names=("set_env", "export_variable")),
    FunctionSpec("get_environment_variable", _DOMAIN, "Read an environment variable",
        (text("name", _variable, names=("variable",)),),
        lines("""
            What is the environment variable {name}?
            Show the value of {name} in the environment
            echo ${name}
            Read the environment variable {name}
            Is {name} set in my environment?
            Please print the variable {name} of the shell
            To what is {name} set?
            Get {name} from the environment
            Which value does the shell have for {name}?
        """), answer("name", value=values.word), names=("get_env", "read_env")),
    FunctionSpec("mount_device", _DOMAIN, "Mount a device at a folder",
        (text("device", _device), text("folder", values.folder, names=("mount_point",)), flag("read_only", "read-only", "writable")),
        lines("""
            Mount {device} at {folder}[, {read_only}]
            mount {device} {folder}[ {read_only}]
            Attach the disk {device} to the folder {folder}[, {read_only}]
            Please mount the device {device} on {folder}[ {read_only}]
            Make {device} available under {folder}[, {read_only}]
            Can you mount {device} into {folder}[ {read_only}]?
            I want to see the files of {device} in {folder}[, {read_only}]
            The drive {device} should be mounted at {folder}[, {read_only}]
            Hook up the disk {device} so it shows at {folder}[, {read_only}]
        """), answer("device", mounted=True), names=("mount_disk",)),
    FunctionSpec("unmount_device", _DOMAIN, "Unmount a device",
        (text("device", _device), flag("force", "by force", "only if it is idle")),
        lines("""
            Unmount {device}[ {force}]
            umount {device}[ {force}]
            Detach the disk {device}[ {force}]
            Please unmount the device {device}[, {force}]
            I want to pull out {device}, unmount it[ {force}]
            Can you eject the drive {device}[, {force}]?
            Release the disk {device}[ {force}]
            The drive {device} should be unmounted[ {force}]
            Take {device} out of the file system safely[, {force}]
        """), answer("device", mounted=False), names=("unmount_disk", "eject_device")),
    FunctionSpec("format_disk", _DOMAIN, "Format a disk with a file system",
        (text("device", _device), choice("filesystem", ("ext4", "xfs", "btrfs", "ntfs", "fat32", "exfat"), names=("fs",)), text("label", values.noun, required=False)),
        lines("""
            Format the disk {device} as {filesystem}[ with the label {label}]
            mkfs {filesystem} {device}[ -L {label}]
            Put a {filesystem} file system on {device}[, label {label}]
            Make {device} a {filesystem} disk[ called {label}]
            Please format {device} with {filesystem}[ and label it {label}]
            Can you erase {device} and make it {filesystem}[, named {label}]?
            {device} should be formatted in {filesystem}[, its label is {label}]
            I need an empty {filesystem} on the drive {device}[, labelled {label}]
            Create the file system {filesystem} on device {device}[ under the label {label}]
        """), answer("device", "filesystem"), names=("make_filesystem",)),
    FunctionSpec("list_disks", _DOMAIN, "List the disks of a machine",
        (flag("removable", "only removable ones", "only built-in ones"),),
        lines("""
            List the disks of this machine[, {removable}]
            Which drives are attached[, {removable}]?
            lsblk[ {removable}]
            Show all the disks[, {removable}]
            What hard drives does this computer have[, {removable}]?
            Please list my disks with their sizes[, {removable}]
            Which disks can you see[, {removable}]?
            Is my USB drive there? List the drives[, {removable}]
            Give me an overview of the storage devices[, {removable}]
        """), lambda a, r: {"disks": [{"device": _device(r)[:-1], "gigabytes": values.magnitudes(8, 8000)(r)}]}, names=("show_disks", "list_drives")),
    FunctionSpec("set_hostname", _DOMAIN, "Set the name of this machine",
        (text("name", values.slug, names=("hostname",)),),
        lines("""
            Set the hostname to {name}
            Call this machine {name}
            hostnamectl set-hostname {name}
            Change the name of this computer to {name}
            Please give this machine the host name {name}
            This server should be called {name}
            Can you name this computer {name}?
            Rename this machine to {name}
            From now on this host is {name}
        """), answer("name", changed=True), names=("rename_machine", "change_hostname")),
    FunctionSpec("read_system_log", _DOMAIN, "Show entries of the system log",
        (integer("count", values.magnitudes(1, 1000), names=("lines",)), choice("level", ("debug", "info", "warning", "error", "critical"), required=False), text("service", lambda r: f"{values.noun(r)}-{r.choice(('api', 'worker', 'daemon'))}", required=False, names=("unit",))),
        lines("""
            Show the last {count} entries of the system log[ with level {level}][ for {service}]
            journalctl -n {count}[ -p {level}][ -u {service}]
            Read {count} lines of the system log[, level {level}][, unit {service}]
            What do the last {count} system log entries say[ at level {level}][ about {service}]?
            Please print {count} messages from the system journal[, only {level}][, from {service}]
            Give me {count} lines from the journal[ of level {level}][ by {service}]
            Check the system log, {count} entries[ of kind {level}][ written by {service}]
            Something went wrong, show {count} entries of the system log[ marked {level}][ from {service}]
            I need the newest {count} journal messages[, severity {level}][, concerning {service}]
        """), _log_lines, names=("system_log", "show_journal")),
    FunctionSpec("install_updates", _DOMAIN, "Install updates of the operating system",
        (choice("kind", ("security", "all", "kernel", "drivers")), flag("reboot", "rebooting if needed", "without rebooting")),
        lines("""
            Install {kind} updates of the operating system[, {reboot}]
            Run the system update for {kind}[, {reboot}]
            system update {kind}[ {reboot}]
            Please install {kind} system updates[, {reboot}]
            Update this machine, {kind} updates[, {reboot}]
            Can you apply {kind} operating system updates[, {reboot}]?
            Bring the system up to date with {kind} updates[, {reboot}]
            I'd like this computer to get {kind} updates[, {reboot}]
            The OS needs updating: {kind}[, {reboot}]
        """), answer("kind", installed=values.whole(0, 40)), names=("update_system", "apply_updates")),
    FunctionSpec("get_temperature_sensor", _DOMAIN, "Read a temperature sensor of the machine",
        (choice("sensor", ("cpu", "gpu", "disk", "board")), choice("unit", ("celsius", "fahrenheit"), required=False, default="celsius")),
        lines("""
            How hot is the {sensor}[, in {unit}]?
            Read the {sensor} temperature[ in {unit}]
            sensors {sensor}[ {unit}]
            What is the temperature of the {sensor}[ in {unit}]?
            Please check how warm the {sensor} is[ in {unit}]
            Is the {sensor} overheating[? Give {unit}]
            Get the {sensor} sensor value[, as {unit}]
            The fan is loud, what temperature has the {sensor}[ in {unit}]?
            I'd like to know the heat of my {sensor}[, in {unit}]
        """), answer("sensor", temperature=values.decimal(25, 95)), names=("hardware_temperature", "read_sensor")),
    FunctionSpec("get_hardware_info", _DOMAIN, "Show facts about a hardware part",
        (choice("part", ("processor", "memory", "graphics", "board", "battery", "network")),),
        lines("""
            Show hardware info on the {part}
            What {part} hardware does this computer have?
            lshw {part}
            Which model is the {part} hardware in here?
            Tell me about the {part} hardware of this machine
            Please look up the hardware details for {part}
            What kind of {part} is built into this PC?
            Give me the specifications of the {part} in my computer
            I want to know which {part} is installed as hardware
        """), answer("part", model=values.slug), names=("hardware_info", "describe_hardware")),
    FunctionSpec("add_ssh_key", _DOMAIN, "Allow an SSH key for a user",
        (text("user", values.login, names=("username",)), text("key", _public_key, names=("public_key",))),
        lines("""
            Add the SSH key {key} for {user}
            Let {user} log in with the key {key}
            ssh-copy-id {user} {key}
            Allow the public key "{key}" for the user {user}
            Please authorize {key} for {user}
            {user} has the new SSH key {key}, add it
            Can you put {key} in the authorized keys of {user}?
            The user {user} should be able to use the key {key}
            Accept {key} when {user} connects over SSH
        """), answer("user", added=True), names=("authorize_key",)),
    FunctionSpec("generate_ssh_key", _DOMAIN, "Generate an SSH key pair",
        (choice("type", ("ed25519", "rsa", "ecdsa")), text("path", values.mixed(lambda r: f"~/.ssh/{values.noun(r)}_key", lambda r: f"keys/{values.slug(r)}"), names=("file",)), text("comment", values.email, required=False)),
        lines("""
            Generate an {type} SSH key in {path}[ with the comment {comment}]
            ssh-keygen -t {type} -f {path}[ -C {comment}]
            Make a new {type} key pair at {path}[, comment {comment}]
            Create an SSH key of type {type} and save it to {path}[ for {comment}]
            Please generate a fresh {type} key pair as {path}[, labelled {comment}]
            I need an SSH key ({type}) in the file {path}[ with comment {comment}]
            Can you produce an {type} SSH key at {path}[ marked {comment}]?
            Write a new SSH key pair, {type}, to {path}[, with {comment} as comment]
            For the server I want my own {type} key, stored at {path}[, comment: {comment}]
        """), answer("path", fingerprint=values.hexadecimal(16)), names=("create_ssh_key",)),
    FunctionSpec("set_shell_alias", _DOMAIN, "Define a shell alias",
        (text("name", lambda r: values.noun(r)[: r.randint(2, 4)], names=("alias",)), text("command", lambda r: f"{r.choice(('cd', 'ls -la', 'vim', 'tail -f', 'git -C', 'du -sh', 'cat'))} {values.folder(r)}", names=("expansion",))),
        lines("""
            Make {name} an alias for "{command}"
            alias {name}="{command}"
            Define the shell alias {name} as "{command}"
            When I type {name}, run "{command}"
            Please add the alias {name} for "{command}"
            I type "{command}" all the time, make it {name}
            Can you shorten "{command}" to the alias {name}?
            The alias {name} should stand for "{command}"
            Let {name} mean "{command}" in my shell
        """), answer("name", defined=True), names=("create_alias", "add_alias")),
    FunctionSpec("set_disk_quota", _DOMAIN, "Limit the disk space of a user",
        (text("user", values.login, names=("username",)), integer("gigabytes", values.magnitudes(1, 4000), names=("limit_gb",)), text("path", values.folder, required=False, names=("mount_point",))),
        lines("""
            Limit {user} to {gigabytes} gigabytes of disk space[ on {path}]
            Set the disk quota of {user} to {gigabytes} GB[ at {path}]
            quota {user} {gigabytes}G[ {path}]
            {user} may store at most {gigabytes} GB[ in {path}]
            Please give {user} a quota of {gigabytes} gigabytes[ on {path}]
            Can you cap the storage of {user} at {gigabytes} GB[ on {path}]?
            The user {user} should not use more than {gigabytes} GB of disk[ under {path}]
            Allow {user} {gigabytes} gigabytes of storage, no more[, for {path}]
            Put a {gigabytes} GB storage limit on {user}[ at {path}]
        """), answer("user", "gigabytes"), names=("limit_storage", "disk_quota")),
    FunctionSpec("set_screen_brightness", _DOMAIN, "Set the brightness of the screen",
        (integer("percent", values.whole(1, 100), names=("brightness",)),),
        lines("""
            Set the screen brightness to {percent} percent
            Make the screen {percent}% bright
            brightness {percent}
            Change the display brightness to {percent} percent
            Please put the brightness of the screen at {percent}%
            Can you set my monitor to {percent} percent brightness?
            The display should have {percent}% brightness
            Adjust the screen to {percent} percent brightness
            My eyes hurt, screen brightness {percent} percent please
        """), answer("percent"), names=("screen_brightness", "set_display_brightness")),
    FunctionSpec("take_screenshot", _DOMAIN, "Save a picture of the screen",
        (text("path", values.file_with("png", "jpg", "webp"), names=("file",)), integer("delay", values.whole(1, 60), "seconds", required=False, default=0), choice("area", ("screen", "window", "selection"), required=False, default="screen")),
        lines("""
            Take a screenshot and save it as {path}[ in {delay} seconds][, area {area}]
            Screenshot to {path}[ after {delay} seconds][, {area}]
            Capture the display into {path}[ with a delay of {delay} seconds][, just the {area}]
            scrot {path}[ -d {delay}][ {area}]
            Please make a screenshot {path}[, wait {delay} seconds][, of the {area}]
            Can you take a picture of what I see and store it in {path}[ in {delay} seconds][ ({area})]?
            I need a screenshot at {path}[, {delay} seconds from now][, only the {area}]
            Grab what is on my monitor as {path}[ after waiting {delay} seconds][, the {area}]
            Save what I am looking at to {path}[, delayed by {delay} seconds][, capture {area}]
        """), answer("path", saved=True), names=("screenshot", "capture_screen")),
)  # fmt: skip
