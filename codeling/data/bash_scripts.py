# ruff: noqa: E501  (each line is one entry of a table; wrapped, it could not be scanned)
"""Bash scripts as tasks. The format is that of `codeling.data.bash_files`; ``#!/bin/bash`` and ``set -euo pipefail``
are put in front of every script."""

TEMPLATES = r"""
== backup_rotate
Write a script that archives «folder» in «target» with a time stamp and keeps only the newest «n» archives
Back up «folder» to «target» as a dated tar.gz and delete all but the last «n» backups
Make a rotating backup of «folder» in «target» that never holds more than «n» archives
$ source_dir="«folder»"
backup_dir="«target»"
keep=«n»

mkdir -p "$backup_dir"
archive="$backup_dir/backup-$(date +%Y%m%d-%H%M%S).tar.gz"
tar -czf "$archive" "$source_dir"
echo "Created $archive"

find "$backup_dir" -maxdepth 1 -name 'backup-*.tar.gz' | sort -r | tail -n +$((keep + 1)) |
    while IFS= read -r old; do
        rm -- "$old"
        echo "Removed $old"
    done
== disk_alert
Write a script that warns about every file system more than «percent» percent full and then exits with status «code»
Check the disks: print a warning for each mount point over «percent» percent and exit with «code» if there is one
Report file systems whose use exceeds «percent» percent, and fail with status «code» when any does
$ limit=«percent»
status=0

while read -r use mount; do
    if (( ${use%\%} > limit )); then
        echo "Warning: $mount is at $use" >&2
        status=«code»
    fi
done < <(df -P | awk 'NR > 1 {print $5, $6}')

exit "$status"
== getopts_greet
Write a script with the options -n for a name (default "«word»") and -c for a count (default «n»), that greets the name that often
Parse -n NAME and -c COUNT with getopts, defaults "«word»" and «n», and print a greeting COUNT times
Use getopts for a greeting script: -n is the name, "«word»" if not given, and -c says how often, «n» if not given
$ name="«word»"
count=«n»

usage() {
    echo "Usage: $0 [-n NAME] [-c COUNT]" >&2
    exit 2
}

while getopts ':n:c:' option; do
    case "$option" in
        n) name="$OPTARG" ;;
        c) count="$OPTARG" ;;
        *) usage ;;
    esac
done

for (( i = 1; i <= count; i++ )); do
    echo "Hello, $name!"
done
== service_watch
Write a script that restarts «service» when it is not active and logs that to «log»
Check whether «service» is running; if it is not, restart it and append a line to «log»
Keep «service» alive: restart it when systemd says it is inactive, noting the time in «log»
$ service="«service»"
log="«log»"

if systemctl is-active --quiet "$service"; then
    echo "$service is running"
else
    echo "$(date '+%F %T') restarting $service" >> "$log"
    sudo systemctl restart "$service"
fi
== retry_function
Write a script with a function that runs a command up to «small» times with pauses of «secs», and use it to download «url»
Define retry, which tries a command at most «small» times and sleeps «secs» in between, then fetch «url» with it
Download «url» with a retry function: «small» attempts, «secs» apart
$ retry() {
    local attempt
    for (( attempt = 1; attempt <= «small»; attempt++ )); do
        if "$@"; then
            return 0
        fi
        echo "Attempt $attempt failed: $*" >&2
        if (( attempt < «small» )); then
            sleep «secs»
        fi
    done
    return 1
}

retry curl -fsSLO '«url»'
== temp_cleanup
Write a script that downloads «url» into a temporary file, removes the file on exit and prints the number of lines with "«pattern»"
Fetch «url» to a temporary file that is always cleaned up, and count the lines that contain "«pattern»"
Use mktemp and trap to download «url» safely and count lines that mention "«pattern»"
$ temporary=$(mktemp)
trap 'rm -f "$temporary"' EXIT

curl -fsSL -o "$temporary" '«url»'
grep -c '«pattern»' "$temporary" || true
== rename_sequence
Write a script that renames the .«ext» files in «folder» to «name»-001.«ext», «name»-002.«ext» and so on
Number the .«ext» files of «folder» in name order as «name»-NNN.«ext»
Give all .«ext» files in «folder» the name «name» with a three-digit number, never overwriting
$ shopt -s nullglob
number=1

for file in "«folder»"/*.«ext»; do
    new=$(printf '%s/%s-%03d.%s' "«folder»" "«name»" "$number" "«ext»")
    if [[ "$file" != "$new" ]]; then
        mv -n -- "$file" "$new"
    fi
    number=$((number + 1))
done
== sort_by_extension
Write a script that moves each file in «folder» into a subdirectory of «target» named after its extension
Sort the files of «folder» into directories under «target» by extension
Tidy up «folder»: put every file into «target»/EXTENSION, and files without one into «target»/other
$ for file in "«folder»"/*; do
    [[ -f "$file" ]] || continue
    base=${file##*/}
    if [[ "$base" == ?*.* ]]; then
        kind=${base##*.}
    else
        kind=other
    fi
    mkdir -p "«target»/$kind"
    mv -n -- "$file" "«target»/$kind/"
done
== ping_hosts
Write a script that pings every host in «file» «small» times and prints which are up and which are down
Read host names from «file» and report whether each answers one of «small» pings
Check the hosts listed in «file» with «small» pings each and print up or down
$ while IFS= read -r host; do
    [[ -n "$host" ]] || continue
    if ping -c «small» -W 2 "$host" > /dev/null 2>&1; then
        echo "up   $host"
    else
        echo "down $host"
    fi
done < "«file»"
== count_words_assoc
Write a script that counts the words of «file» in an associative array and prints those that occur at least «n» times
Count words in «file» with an associative array and list the ones with «n» or more occurrences
Use declare -A to find the words that appear «n» times or more in «file»
$ declare -A counts=()

while read -r -a words; do
    for word in "${words[@]}"; do
        counts["$word"]=$(( ${counts["$word"]:-0} + 1 ))
    done
done < "«file»"

for word in "${!counts[@]}"; do
    if (( ${counts["$word"]} >= «n» )); then
        echo "${counts["$word"]} $word"
    fi
done | sort -rn
== csv_loop
Write a script that reads «csv» without its header and prints the first and the second field of rows whose third is above «number»
Loop over the rows of «csv», skip the header, and print the first two fields when the third, a whole number, exceeds «number»
Read three columns of «csv» with IFS and show the first two where the third is greater than «number»
$ tail -n +2 "«csv»" | while IFS=',' read -r first second third _; do
    if (( third > «number» )); then
        echo "$first: $second"
    fi
done
== case_service
Write a script that takes start, stop or status as its argument and controls «proc» with a pid file in «target»
Use case to start, stop or show «proc», keeping its process id in «target»/«proc».pid
Make a small control script for «proc» with the actions start, stop and status and a pid file under «target»
$ pid_file="«target»/«proc».pid"

case "${1:-}" in
    start)
        «proc» &
        echo "$!" > "$pid_file"
        ;;
    stop)
        kill "$(cat "$pid_file")"
        rm -f "$pid_file"
        ;;
    status)
        if [[ -f "$pid_file" ]] && kill -0 "$(cat "$pid_file")" 2> /dev/null; then
            echo "«proc» is running"
        else
            echo "«proc» is stopped"
        fi
        ;;
    *)
        echo "Usage: $0 start|stop|status" >&2
        exit 2
        ;;
esac
== confirm_delete
Write a script that lists .«ext» files in «folder» older than «days» and deletes them after the user says yes
Ask before deleting the .«ext» files under «folder» that were not modified for more than «days»
Show the .«ext» files of «folder» older than «days», ask for confirmation, then remove them
$ mapfile -d '' -t files < <(find "«folder»" -type f -name '*.«ext»' -mtime +«days» -print0)

if (( ${#files[@]} == 0 )); then
    echo "Nothing to delete"
    exit 0
fi

printf '%s\n' "${files[@]}"
read -r -p "Delete ${#files[@]} files? [y/N] " answer
if [[ "$answer" == [yY]* ]]; then
    rm -- "${files[@]}"
else
    echo "Nothing was deleted"
fi
== lock_run
Write a script that runs "«cmd»" only if no other copy of the script is running, using a lock in «target»
Use flock on a file in «target» to make sure that "«cmd»" never runs twice at once
Run "«cmd»" under an exclusive lock in «target» and exit with an error when it is taken
$ lock_file="«target»/run.lock"

exec 9> "$lock_file"
if ! flock -n 9; then
    echo "Another copy is running" >&2
    exit 1
fi

«cmd»
== log_function
Write a script with a log function that appends messages with the time to «log», and use it before and after "«cmd»"
Log the start and the end of "«cmd»" with time stamps in «log»
Define a function for time-stamped messages in «log» and wrap "«cmd»" with it
$ log_file="«log»"

log() {
    printf '%s %s\n' "$(date '+%F %T')" "$*" >> "$log_file"
}

log "starting"
if «cmd»; then
    log "finished"
else
    log "failed"
    exit 1
fi
== factorial
Write a script that prints the factorials of the numbers from 1 to «small», using a function, and "«word»" at the end
Print the factorial of each number up to «small» with a recursive function, then "«word»"
Define a recursive factorial function, call it for 1 to «small» and finish with the line "«word»"
$ factorial() {
    local n=$1
    if (( n <= 1 )); then
        echo 1
    else
        echo $(( n * $(factorial $((n - 1))) ))
    fi
}

for (( i = 1; i <= «small»; i++ )); do
    echo "$i! = $(factorial "$i")"
done
echo "«word»"
== fizz
Write a script that counts from 1 to «m» and prints "«word»" for multiples of «small#» and "«old»" for multiples of «five#», both for both
For the numbers 1 to «m», print "«word»" when «small#» divides the number, "«old»" when «five#» does, and the number otherwise
Count to «m»: say "«word»" at multiples of «small#», "«old»" at multiples of «five#», both words at common multiples
$ for (( i = 1; i <= «m»; i++ )); do
    text=""
    if (( i % «small» == 0 )); then
        text+="«word»"
    fi
    if (( i % «five» == 0 )); then
        text+="«old»"
    fi
    echo "${text:-$i}"
done
== primes
Write a script that prints all prime numbers from «n» to «m»
List the primes between «n» and «m», both included
Find the prime numbers in the range «n» to «m» by trial division
$ is_prime() {
    local n=$1 d
    (( n >= 2 )) || return 1
    for (( d = 2; d * d <= n; d++ )); do
        if (( n % d == 0 )); then
            return 1
        fi
    done
}

for (( i = «n»; i <= «m»; i++ )); do
    if is_prime "$i"; then
        echo "$i"
    fi
done
== array_stats
Write a script that prints the smallest, the largest and the average of the numbers in «file», one a line, or "«word»" if there are none
Read whole numbers from «file» into an array and show minimum, maximum and mean; print "«word»" for an empty file
Compute min, max and integer average of the lines of «file», saying "«word»" when there is nothing to read
$ mapfile -t numbers < "«file»"

if (( ${#numbers[@]} == 0 )); then
    echo "«word»"
    exit 0
fi

min=${numbers[0]}
max=${numbers[0]}
total=0
for number in "${numbers[@]}"; do
    if (( number < min )); then min=$number; fi
    if (( number > max )); then max=$number; fi
    total=$((total + number))
done

echo "min $min"
echo "max $max"
echo "mean $((total / ${#numbers[@]}))"
== git_update_all
Write a script that runs git pull in every repository under «folder», at most «small» levels deep
Update all git repositories within «small» levels of «folder» by fast-forward pulls and report failures
Find the git repositories in «folder», no deeper than «small» levels, and pull each one
$ find "«folder»" -maxdepth «small» -type d -name .git -print0 |
    while IFS= read -r -d '' git_dir; do
        repository=${git_dir%/.git}
        echo "Updating $repository"
        if ! git -C "$repository" pull --ff-only --quiet; then
            echo "Could not update $repository" >&2
        fi
    done
== require_tools
Write a script that checks that «tool», «package_b» and «proc» are installed and lists the missing ones
Exit with an error that names those of the commands «tool», «package_b» and «proc» that are not found
Verify that the commands «tool», «package_b» and «proc» are available before going on
$ missing=()
for tool in «tool» «package_b» «proc»; do
    if ! command -v "$tool" > /dev/null 2>&1; then
        missing+=("$tool")
    fi
done

if (( ${#missing[@]} > 0 )); then
    echo "Missing commands: ${missing[*]}" >&2
    exit 1
fi
echo "All commands are available"
== watch_file
Write a script that looks at «log» every «secs» and prints a message when it has grown by more than «number» bytes
Check the size of «log» once in «secs» and report growth beyond «number» bytes
Monitor «log» in a loop with pauses of «secs», announcing jumps of over «number» bytes
$ file="«log»"
last=$(wc -c < "$file")

while sleep «secs»; do
    size=$(wc -c < "$file")
    if (( size - last > «number» )); then
        echo "$file grew from $last to $size bytes"
    fi
    last=$size
done
== parallel_jobs
Write a script that compresses the .«ext» files in «folder» with at most «small» gzip processes at once
Gzip all .«ext» files of «folder» in the background, never more than «small» at the same time
Run gzip in parallel over the .«ext» files in «folder», limited to «small» jobs
$ shopt -s nullglob
max_jobs=«small»

for file in "«folder»"/*.«ext»; do
    while (( $(jobs -rp | wc -l) >= max_jobs )); do
        sleep 0.1
    done
    gzip -- "$file" &
done
wait
echo "Done"
== arguments_sum
Write a script that adds up its arguments, wants at least «small#» of them and calls the result "«var»"
Print "«var»: " and the sum of all command-line arguments, or a usage message when there are fewer than «small#»
Sum the whole numbers given as arguments, labelled "«var»", and exit with status 2 for fewer than «small#» arguments
$ if (( $# < «small» )); then
    echo "Usage: $0 NUMBER... (at least «small»)" >&2
    exit 2
fi

total=0
for number in "$@"; do
    total=$((total + number))
done
echo "«var»: $total"
== heredoc_config
Write a script that creates a configuration file «name».conf with host «host», port «port» and user «user»
Use a here-document to write host «host», port «port» and user «user» into «name».conf
Generate «name».conf from variables: host «host», port «port», user «user»
$ host="«host»"
port=«port»
user="«user»"

cat > "«name».conf" <<CONFIG
host = $host
port = $port
user = $user
CONFIG
chmod 600 "«name».conf"
echo "Wrote «name».conf"
== wait_for_url
Write a script that waits until «url» answers, for at most «n» attempts with «secs» between them
Poll «url» up to «n» times, sleeping «secs» after each failure, and fail if it never answers
Wait for «url» to become available: «n» tries, «secs» apart
$ for (( i = 1; i <= «n»; i++ )); do
    if curl -fsS -o /dev/null '«url»'; then
        echo "Available after $i attempts"
        exit 0
    fi
    sleep «secs»
done

echo "Not available after «n» attempts" >&2
exit 1
== find_duplicates
Write a script that prints groups of identical .«ext» files in «folder», by SHA-256 sum, ignoring files smaller than «bigsize»
Find duplicate .«ext» files of at least «bigsize» under «folder» by comparing checksums
List .«ext» files in «folder» that have the same content, looking only at those not smaller than «bigsize»
$ min_bytes=$(numfmt --from=iec «bigsize»)

find "«folder»" -type f -name '*.«ext»' -size +"$((min_bytes - 1))"c -print0 |
    xargs -0 -r sha256sum |
    sort |
    uniq -w 64 --all-repeated=separate
== deploy_release
Write a script that deploys «folder» to «target» on «host» as «user» and restarts «service»
Copy «folder» to «user»@«host»:«target» with rsync and then restart «service» there
Deploy to «host»: synchronise «folder» with «target» as «user», then restart «service»
$ server="«user»@«host»"

echo "Copying files to $server"
rsync -az --delete "«folder»/" "$server:«target»/"

echo "Restarting «service»"
ssh "$server" 'sudo systemctl restart «service»'
== menu_select
Write a script with a menu to show the disk usage of «folder», search «log» for "«pattern»", or quit
Use select to offer three choices: disk usage of «folder», lines with "«pattern»" in «log», quit
Make a text menu with the entries disk, search and quit for «folder» and "«pattern»" in «log»
$ PS3="Choose: "
select choice in disk search quit; do
    case "$choice" in
        disk) du -sh "«folder»" ;;
        search) grep -n '«pattern»' "«log»" || echo "No match" ;;
        quit) break ;;
        *) echo "Please type 1, 2 or 3" ;;
    esac
done
== docker_backup
Write a script that dumps the PostgreSQL database «name» from the container «container» to «target», as «user», compressed
Save a gzip-compressed dump of the database «name» in the container «container» under «target» with the date, using the role «user»
Back up the database «name» of container «container» to «target» as the database user «user»
$ mkdir -p "«target»"
dump="«target»/«name»-$(date +%F).sql.gz"

docker exec "«container»" pg_dump -U "«user»" "«name»" | gzip > "$dump"
echo "Wrote $dump ($(du -h "$dump" | cut -f 1))"
"""
