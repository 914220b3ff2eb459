# ruff: noqa: E501  (each line is one entry of a table; wrapped, it could not be scanned)
"""The words of the Bash tasks: for each slot of a template, the values it can take.

A value is one string, used in the instruction and in the command alike, or a pair ``(in words, in code)`` such as
``("100 megabytes", "100M")``. Values need no quoting in Bash unless a template quotes them, and a slot's values are
distinct, which is what makes every combination a distinct task.
"""

from __future__ import annotations

Value = str | tuple[str, str]


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_NUMBERS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 100, 200, 500)

_DIRECTORIES: tuple[Value, ...] = (
    ("the current directory", "."), "/var/log", "/etc", "/tmp", "/srv/www", "/home/alice", "/opt/app", "/usr/local/share",
    "/var/lib/app", "/mnt/data", "~/Documents", "~/Downloads", "~/projects", "~/Pictures", "src", "docs", "tests", "logs",
    "data", "build", "backups", "reports", "config", "scripts",
)  # fmt: skip

SLOTS: dict[str, tuple[Value, ...]] = {
    "dir": _DIRECTORIES,
    # Directories that can stand inside double quotes: no tilde, which quotes would make literal.
    "folder": ("/var/log/app", "/srv/www", "/home/alice", "/opt/app", "/mnt/data", "/var/lib/app", "/data/images", "src",
               "docs", "logs", "reports", "build", "uploads", "photos", "exports"),
    "target": ("/mnt/backup", "/srv/archive", "/media/usb", "/backup/daily", "/var/backups", "/mnt/nas/files", "/tmp/copy",
               "archive", "old", "snapshots", "staging", "public"),
    "newdir": ("projects/demo/src", "backup/2024/january", "app/logs/archive", "data/raw/images", "site/assets/css",
               "music/albums/new", "tools/bin/local", "photos/2023/summer", "work/reports/final", "notes/daily/drafts"),
    "ext": ("txt", "log", "csv", "json", "py", "sh", "md", "html", "css", "js", "conf", "yml", "xml", "bak", "tmp", "jpg",
            "png", "pdf", "c", "java", "sql", "ini"),
    "newext": ("old", "orig", "backup", "text", "save", "draft", "copy", "prev"),
    "file": ("notes.txt", "report.txt", "todo.txt", "names.txt", "words.txt", "list.txt", "input.txt", "output.txt", "README.md",
             "servers.txt", "emails.txt", "urls.txt", "results.txt", "scores.txt", "config.ini", "inventory.txt", "draft.md",
             "journal.txt", "ids.txt", "hosts.txt"),
    "file_b": ("other.txt", "backup.txt", "old.txt", "new.txt", "second.txt", "previous.txt", "latest.txt", "reference.txt",
               "expected.txt", "copy.txt"),
    "out": ("result.txt", "sorted.txt", "summary.txt", "filtered.txt", "merged.txt", "clean.txt", "all.txt", "final.txt"),
    "csv": ("users.csv", "sales.csv", "orders.csv", "products.csv", "employees.csv", "data.csv", "prices.csv", "students.csv",
            "inventory.csv", "payments.csv", "cities.csv", "books.csv"),
    "log": ("access.log", "error.log", "app.log", "server.log", "debug.log", "/var/log/syslog", "/var/log/auth.log",
            "/var/log/nginx/access.log", "/var/log/nginx/error.log", "worker.log", "deploy.log", "cron.log", "build.log"),
    "json": ("data.json", "users.json", "package.json", "config.json", "response.json", "items.json", "orders.json",
             "events.json", "result.json", "books.json"),
    "key": ("name", "id", "email", "status", "price", "title", "version", "city", "type", "age", "count", "owner"),
    "script": ("backup.sh", "deploy.sh", "run.sh", "install.sh", "cleanup.sh", "build.sh", "start.sh", "test.sh", "update.sh",
               "check.sh", "report.sh", "sync.sh"),
    "pattern": ("ERROR", "WARNING", "timeout", "TODO", "FIXME", "failed", "denied", "connected", "refused", "password", "import",
                "main", "debug", "login", "DEPRECATED", "Exception", "success", "localhost", "retry", "null"),
    "pattern_b": ("info", "trace", "healthcheck", "cache", "skipped", "ignored", "test", "comment", "ping", "robot"),
    "old": ("foo", "http", "localhost", "red", "old", "debug", "alpha", "john", "cat", "colour", "test", "v1"),
    "new": ("bar", "https", "example.com", "blue", "fresh", "release", "beta", "jane", "dog", "color", "prod", "v2"),
    "name": ("report", "backup", "config", "photo", "draft", "invoice", "test", "data", "index", "cache", "session", "image"),
    "size": tuple((_plural(n, "megabyte"), f"{n}M") for n in (1, 5, 10, 20, 50, 100, 200, 250, 500, 750))
    + tuple((_plural(n, "kilobyte"), f"{n}k") for n in (1, 10, 64, 100, 500))
    + tuple((_plural(n, "gigabyte"), f"{n}G") for n in (1, 2, 5)),
    "bigsize": tuple((_plural(n, "megabyte"), f"{n}M") for n in (1, 5, 10, 16, 32, 64, 100, 256, 512))
    + tuple((_plural(n, "gigabyte"), f"{n}G") for n in (1, 2, 4)),
    "days": tuple((_plural(n, "day"), str(n)) for n in (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 180, 365)),
    "minutes": tuple((_plural(n, "minute"), str(n)) for n in (1, 5, 10, 15, 20, 30, 45, 60, 90, 120, 240)),
    "hours": tuple((_plural(n, "hour"), str(n)) for n in (1, 2, 3, 6, 8, 12, 18, 24, 36, 48)),
    "percent": ("50", "60", "70", "75", "80", "85", "90", "95"),
    "joiner": (("an underscore", "_"), ("a hyphen", "-"), ("a dot", "."), ("a plus sign", "+")),
    "char": (("comma", ","), ("semicolon", ";"), ("colon", ":"), ("percent sign", "%"), ("hash sign", "#"), ("plus sign", "+")),
    "nth": (("second", "2"), ("third", "3"), ("fourth", "4"), ("fifth", "5"), ("sixth", "6"), ("eighth", "8"), ("tenth", "10"),
            ("twentieth", "20"), ("hundredth", "100")),
    "field": ("name", "email", "status", "price", "title", "city", "age", "owner", "date", "total"),
    "secs": tuple((_plural(n, "second"), str(n)) for n in (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120)),
    "n": tuple(str(n) for n in _NUMBERS),
    "lines": tuple((f"{n} lines", str(n)) for n in _NUMBERS),
    # Larger than every "n", so that "lines n to m" is a range.
    "m": ("510", "525", "550", "600", "640", "700", "750", "800", "900", "1000"),
    # In bytes: find rounds sizes up to whole units, so that "-size -5M" would miss a file of 4.5 megabytes.
    "bytesize": tuple((_plural(n, "megabyte"), f"{n << 20}c") for n in (1, 2, 5, 10, 20, 50, 100)) + tuple((_plural(n, "kilobyte"), f"{n << 10}c") for n in (1, 2, 4, 10, 64, 100)),
    "small": (("two", "2"), ("three", "3"), ("four", "4"), ("five", "5"), ("six", "6"), ("eight", "8"), ("ten", "10"),
              ("twelve", "12")),
    "col": tuple((word, str(i)) for i, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"), 1)),
    "col_b": tuple((word, str(i)) for i, word in enumerate(("ninth", "tenth", "eleventh", "twelfth"), 9)),
    "number": tuple(str(n) for n in (0, 5, 10, 18, 21, 40, 50, 65, 90, 100, 150, 250, 400, 500, 1000, 2500, 5000)),
    "user": ("alice", "bob", "carol", "dave", "erin", "frank", "deploy", "www-data", "postgres", "jenkins", "maria", "omar"),
    "group": ("staff", "developers", "www-data", "docker", "users", "admins", "editors", "backup", "ops", "qa"),
    "host": ("web01", "db1.example.com", "192.168.1.10", "10.0.0.5", "backup.example.org", "server.local", "gateway.lan",
             "app2.example.net", "build01", "files.example.com"),
    "domain": ("example.com", "example.org", "www.example.net", "mail.example.com", "api.example.org", "localhost",
               "shop.example.com", "docs.example.org"),
    "ip": ("192.168.1.1", "192.168.1.254", "10.0.0.1", "10.0.0.138", "172.16.0.1", "172.16.5.4", "203.0.113.7", "198.51.100.23"),
    "port": ("22", "80", "443", "3000", "5000", "5432", "6379", "8000", "8080", "8443", "9000", "9090", "3306", "27017"),
    "lport": ("7001", "7002", "7080", "7443", "10022", "15432", "16379", "18080"),
    "url": ("https://example.com/data.json", "https://example.com/archive.tar.gz", "https://api.example.com/v1/users",
            "https://example.org/files/report.pdf", "http://localhost:8080/health", "https://example.net/images/logo.png",
            "https://downloads.example.com/setup.sh", "https://api.example.org/status", "https://example.com/index.html",
            "http://localhost:3000/items"),
    "service": ("nginx", "ssh", "docker", "postgresql", "redis", "cron", "apache2", "mysql", "rsyslog", "mongodb", "myapp",
                "haproxy", "grafana-server", "prometheus"),
    "proc": ("python3", "nginx", "node", "java", "firefox", "sshd", "postgres", "redis-server", "gunicorn", "celery", "vim",
             "ffmpeg"),
    "pid": ("1234", "2048", "3711", "4242", "5150", "8080", "9001", "12345", "20417", "31337"),
    "signal": ("TERM", "HUP", "INT", "USR1", "USR2", "KILL", "STOP", "CONT"),
    "branch": ("main", "develop", "feature/login", "feature/search", "bugfix/typo", "release/1.2", "hotfix/crash", "docs-update",
               "refactor/parser", "experiment"),
    "message": ("Fix typo", "Add tests", "Update documentation", "Remove dead code", "Improve error messages", "Fix login bug",
                "Bump version", "Refactor parser", "Add search page", "Handle empty input", "Speed up startup"),
    "tag": ("v1.0.0", "v1.1.0", "v1.2.3", "v2.0.0", "v2.1.4", "v3.0.0-rc1", "v0.9.1", "v0.5.0"),
    "repo": ("https://github.com/example/project.git", "https://github.com/example/website.git",
             "git@github.com:example/tools.git", "https://gitlab.com/example/api.git", "git@gitlab.com:example/docs.git",
             "https://git.example.org/team/app.git"),
    "container": ("web", "db", "cache", "worker", "api", "proxy", "frontend", "queue", "search", "app"),
    "image": ("nginx:latest", "python:3.12-slim", "postgres:16", "redis:7", "ubuntu:24.04", "node:20-alpine", "debian:12",
              "myapp:1.0", "alpine:3.20"),
    "perm": (("read and write for the owner only", "600"), ("read and write for the owner and read for everyone else", "644"),
             ("full access for the owner and read and execute for everyone else", "755"),
             ("full access for the owner only", "700"), ("read only for the owner and nobody else", "400"),
             ("read and write for the owner and the group", "660"), ("read only for everyone", "444"),
             ("full access for the owner, read and execute for the group", "750")),
    "archive": ("backup", "project", "site", "photos", "release", "logs-old", "home", "dataset", "snapshot", "bundle"),
    "var": ("name", "path", "city", "title", "text", "value", "line", "word", "key", "label"),
    "word": ("hello", "banana", "Linux", "terminal", "kernel", "shell", "planet", "keyboard", "coffee", "garden", "orange"),
    "sep": (("commas", ","), ("semicolons", ";"), ("colons", ":"), ("vertical bars", "|")),
    "env": ("PATH", "HOME", "EDITOR", "LANG", "SHELL", "JAVA_HOME", "DATABASE_URL", "API_KEY", "DEBUG", "TZ"),
    "niceness": ("1", "2", "5", "8", "10", "12", "15", "19"),
    "record": ("A", "AAAA", "MX", "NS", "TXT", "SOA"),
    "hkey": ("Token", "Request-Id", "Source", "Trace", "Client", "Team"),
    "rcmd": ("uptime", "df -h", "free -m", "hostname", "uname -r", "whoami", "ls /tmp", "cat /etc/os-release", "ps aux", "date"),
    "remote": ("origin", "upstream", "fork", "mirror", "github", "gitlab"),
    "target_branch": ("stable", "production", "staging", "next", "v2", "maintenance"),
    "action": ("restart", "stop", "start", "reload"),
    "service_b": ("memcached", "fail2ban", "chrony", "bind9", "postfix", "dovecot", "elasticsearch", "rabbitmq-server"),
    "priority": ("err", "warning", "crit", "notice", "alert"),
    "rel": ("src", "docs", "logs", "reports", "build", "uploads", "photos", "exports"),
    "network": ("bridge", "backend", "frontend-net", "internal", "shared"),
    "group_b": ("sudo", "audio", "video", "plugdev", "dialout", "www-data-dev"),
    "package_b": ("wget", "zip", "shellcheck", "ripgrep", "python3-venv", "ncdu", "screen", "mosh"),
    "tool": ("jq", "git", "curl", "rsync", "htop", "tmux", "tree", "make", "gcc", "zip"),
    "tlsport": ("443", "465", "636", "993", "995", "8443"),
    "five": ("7", "9", "11", "13"),
    "code": ("1", "2", "3", "4", "5", "10"),
    "tz": ("UTC", "Europe/Paris", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "Africa/Cairo", "America/Sao_Paulo"),
    "datefmt": (("year-month-day form", "%Y-%m-%d"), ("day/month/year form", "%d/%m/%Y"), ("ISO form with the time", "%Y-%m-%dT%H:%M:%S"),
                ("hours and minutes", "%H:%M"), ("the name of the weekday", "%A"), ("the number of the week", "%V"),
                ("seconds since 1970", "%s"), ("the day of the year", "%j"), ("month and year", "%B %Y")),
    "cmd": ("make test", "./run.sh", "python3 app.py", "npm run build", "./backup.sh", "cargo build", "curl -fsS https://example.com",
            "ls -l", "df -h", "git status -s"),
    "package": ("curl", "git", "htop", "jq", "vim", "tmux", "nginx", "tree", "rsync", "unzip", "build-essential"),
}  # fmt: skip
