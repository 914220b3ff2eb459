"""Is generated code valid? From completions to whole programs, and from programs to verdicts.

Syntax is necessary, not sufficient: whether code WORKS needs execution (later stages). And Bash accepts nearly any
English sentence as a command with arguments, so the share that begins with a known command is measured beside it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from codeling.runtime.bash_syntax import check_bash_syntax
from codeling.runtime.python_syntax import check_python_syntax

PYTHON_STOP = ("\ndef ", "\nclass ", "\n@", "\nif ", "\nprint(", "\n#")
"""Strings that end the body of a top-level function."""


@dataclass(frozen=True)
class CodeVerdict:
    """``syntax``: the language's own parser accepts it; ``valid``: and it is more than comments and placeholders."""

    syntax: bool
    valid: bool


def whole_lines(completion: str, finish_reason: str) -> str:
    """The completion without its last line if a limit cut it off there."""
    if finish_reason != "length" or completion.endswith("\n"):
        return completion
    return completion[: completion.rfind("\n") + 1]


def python_function(head: str, completion: str) -> str:
    """``head`` and as much of ``completion`` as belongs to the function: up to the first line at the left margin.

    ``head`` ends within or after the ``def`` line. Lines within brackets or strings do not count as such.
    """
    kept: list[str] = []
    open_brackets, in_string = _scan(head, 0, "")
    for number, line in enumerate(completion.splitlines(keepends=True)):
        at_margin = bool(line.strip()) and not line[0].isspace()
        if number and at_margin and not open_brackets and not in_string:
            break
        kept.append(line)
        open_brackets, in_string = _scan(line, open_brackets, in_string)
    return head + "".join(kept)


_TOKEN = re.compile(r"\\.|'''|\"\"\"|[\[({\])}'\"#\n]", re.DOTALL)


def _scan(text: str, depth: int, quote: str) -> tuple[int, str]:
    """Bracket depth and open triple quote after ``text``; enough of Python's lexer to know where a line belongs."""
    single = comment = False
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            comment = False
            if single:  # an unfinished one-line string ends with its line
                quote, single = "", False
        elif comment:
            continue
        elif quote:
            if token == quote:
                quote, single = "", False
        elif token in ("'", '"', "'''", '"""'):
            quote, single = token, len(token) == 1
        elif token == "#":
            comment = True
        elif token in "[({":
            depth += 1
        elif token in "])}":
            depth = max(0, depth - 1)
    return depth, "" if single else quote


def judge_python(programs: Sequence[str]) -> list[CodeVerdict]:
    """Verdicts for whole programs; see `codeling.runtime.python_syntax`."""
    return [CodeVerdict(one.parses, one.parses and one.substantial) for one in check_python_syntax(programs)]


def judge_bash(scripts: Sequence[str]) -> list[CodeVerdict]:
    """Verdicts by ``bash -n`` for whole scripts."""
    syntax = check_bash_syntax(scripts)
    return [CodeVerdict(ok, ok and bool(first_word(text))) for ok, text in zip(syntax, scripts, strict=True)]


def first_word(script: str) -> str:
    """The first word of the first line that is neither blank nor a comment; "" when there is none."""
    for line in script.splitlines():
        words = line.split()
        if words and not words[0].startswith("#"):
            return words[0]
    return ""


def begins_like_bash(script: str) -> bool:
    """Whether the first word is a shell keyword, a common command, an assignment or a function's head."""
    word = first_word(script)
    return word.removesuffix(";") in _COMMANDS or bool(_BASH_START.match(word))


# An assignment, a function definition, a path to a program, or a test, group or subshell.
_BASH_START = re.compile(r"[A-Za-z_]\w*(\[[^]]*\])?\+?=|[\w-]+\(\)|\.{0,2}/\w|\[\[?$|\(|\{$")

_COMMAND_WORDS = """
    if for while until case select function time ! break continue return exit eval exec source . export declare
    local readonly unset set shopt alias unalias trap cd pushd popd echo printf read mapfile readarray getopts
    test true false wait jobs bg fg kill disown let shift type command builtin hash umask ulimit history ls cat
    cp mv rm mkdir rmdir touch ln stat file find locate which whereis tree du df mount umount lsblk blkid chmod
    chown chgrp install dd sync truncate mktemp realpath readlink basename dirname rename shred split csplit
    head tail less more cut paste join sort uniq comm diff cmp patch tr sed awk gawk grep egrep fgrep rg wc nl
    tee xargs column fold fmt expand unexpand rev tac shuf seq od xxd hexdump strings base64 md5sum sha1sum
    sha256sum sha512sum cksum jq yq bc expr factor date cal sleep timeout watch yes nohup nice renice ionice
    parallel tar gzip gunzip zcat zgrep bzip2 bunzip2 xz unxz zstd zip unzip 7z cpio ar rsync scp sftp ssh
    ssh-keygen ssh-copy-id curl wget ping traceroute dig host nslookup whois ip ifconfig netstat ss nc ncat
    telnet ftp nmap tcpdump iptables ufw arp route hostname hostnamectl uname uptime whoami who w id groups
    users last finger su sudo passwd useradd userdel usermod groupadd groupdel gpasswd chsh getent login logger
    dmesg journalctl systemctl service crontab at ps top htop pgrep pkill killall pidof pstree lsof fuser strace
    ltrace vmstat iostat free sar lscpu lspci lsusb lsmod modprobe sysctl env printenv man info apropos clear
    reset tput stty tty screen tmux script bash sh zsh apt apt-get apt-cache dpkg yum dnf rpm pacman brew snap
    flatpak pip pip3 npm npx yarn node python python3 perl ruby php java javac gcc g++ cc clang make cmake ninja
    cargo rustc go git svn hg docker docker-compose podman kubectl helm terraform ansible aws gcloud az openssl
    gpg psql mysql sqlite3 redis-cli mongo pg_dump mysqldump convert ffmpeg vim vi nano emacs ed open xdg-open
    chroot losetup mkfs mkswap swapon swapoff fdisk parted fsck lvs vgs pvs setfacl getfacl chattr lsattr ldd nm
    objdump readelf gdb size strip iconv dos2unix unix2dos look spell mail sendmail lp lpr numfmt
"""
_COMMANDS = frozenset(_COMMAND_WORDS.split())
