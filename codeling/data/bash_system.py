# ruff: noqa: E501  (each line is one entry of a table; wrapped, it could not be scanned)
"""One-line Bash tasks about the system: processes, network, git, ssh, services, containers, dates, users.

The format is that of `codeling.data.bash_files`.
"""

TEMPLATES = r"""
== ps_find
Show all processes of the user «user», sorted by memory use, only the first «n»
Which «n» processes of «user» use the most memory?
List the top «n» processes owned by «user» by memory
$ ps -u «user» -o pid,%mem,%cpu,comm --sort=-%mem | head -n $(( «n» + 1 ))
== ps_cpu
Show the «n» processes that use the most CPU
Which «n» processes take the most processor time right now?
List the top «n» processes by CPU use with the header line
$ ps -eo pid,user,%cpu,comm --sort=-%cpu | head -n $(( «n» + 1 ))
== pgrep_list
List the process ids and command lines of all «proc» processes of «user»
Which «proc» processes does the user «user» run?
Print pid and full command of every process of «user» whose name is exactly «proc»
$ pgrep -u «user» -x -a «proc»
== pgrep_count
Count the running «proc» processes of «user»
How many «proc» processes belong to «user»?
Print the number of processes named exactly «proc» that «user» runs
$ pgrep -c -u «user» -x «proc»
== kill_signal
Send the signal «signal» to the process with the id «pid»
Signal process «pid» with SIG«signal»
Use kill to deliver «signal» to pid «pid»
$ kill -«signal» «pid»
== pkill_name
Send «signal» to every process of «user» that is named «proc»
Signal all «proc» processes of the user «user» with «signal»
Deliver SIG«signal» to each process called exactly «proc» owned by «user»
$ pkill -«signal» -u «user» -x «proc»
== kill_wait
Ask process «pid» to stop and kill it if it is still there after «secs»
Terminate process «pid», then force it after «secs»
Send TERM to «pid», wait «secs» and send KILL in case it still runs
$ kill «pid»; sleep «secs»; kill -0 «pid» 2>/dev/null && kill -KILL «pid»
== nohup_run
Run "«cmd»" in the background so that it survives logging out, with all output in «log»
Start "«cmd»" with nohup and write its output and errors to «log»
Launch "«cmd»" in the background immune to hangups, logging to «log»
$ nohup «cmd» > «log» 2>&1 &
== timeout_run
Run "«cmd»" but stop it after «secs»
Give "«cmd»" no more than «secs» to finish
Start "«cmd»" with a time limit of «secs»
$ timeout «secs» «cmd»
== nice_run
Run "«cmd»" with a niceness of «niceness»
Start "«cmd»" at lower priority, nice value «niceness»
Launch "«cmd»" so that it yields to other work, with niceness «niceness»
$ nice -n «niceness» «cmd»
== watch_run
Run "«cmd»" every «secs» and show the result
Repeat "«cmd»" on the screen once in «secs»
Watch the output of "«cmd»", refreshed each «secs»
$ watch -n «secs» '«cmd»'
== time_run
Measure how long "«cmd»" takes, throwing its output away and adding the timing to «out»
Append the time that "«cmd»" needs to «out», without its output
Time "«cmd»" silently and add the result to the file «out»
$ { time «cmd» > /dev/null 2>&1; } 2>> «out»
== run_tee
Run "«cmd»", show its output and append it to «log» as well
Execute "«cmd»" with output and errors both on the screen and added to «log»
Append everything "«cmd»" prints, errors included, to «log» while showing it
$ «cmd» 2>&1 | tee -a «log»
== run_errors
Run "«cmd»" and write only its error messages to «log»
Keep the standard output of "«cmd»" on the screen but send errors to «log»
Redirect the standard error of "«cmd»" to the file «log»
$ «cmd» 2> «log»
== run_repeat
Run "«cmd»" until it succeeds, waiting «secs» between attempts
Retry "«cmd»" with pauses of «secs» until it works
Keep running "«cmd»" every «secs» as long as it fails
$ until «cmd»; do sleep «secs»; done
== run_and
Run "«cmd»" and print "«word»" only if it succeeds
Execute "«cmd»", followed by the message "«word»" on success
Print "«word»" when "«cmd»" has finished without an error
$ «cmd» && echo '«word»'
== run_or
Run "«cmd»" and print "«word»" to standard error if it fails
Execute "«cmd»" and, when it does not succeed, write "«word»" to stderr
If "«cmd»" fails, report "«word»" on the error stream
$ «cmd» || echo '«word»' >&2
== port_listen
Which process listens on TCP port «port»? Use ss on the machine «host» over ssh as «user»
Log in to «host» as «user» and show the process that listens on TCP port «port»
On «host», as «user», list the TCP listener of port «port» with its process
$ ssh «user»@«host» "sudo ss -ltnp 'sport = :«port»'"
== lsof_port
Which processes use TCP port «port» or «lport»?
List the processes with open connections on the TCP ports «port» and «lport»
Show who has TCP port «port» or «lport» open
$ sudo lsof -nP -iTCP:«port»,«lport»
== nc_port
Check whether port «port» on «host» is open, giving up after «secs»
Test the TCP port «port» of «host» with a time limit of «secs»
Can a connection be made to «host» on port «port» within «secs»?
$ nc -z -w «secs» «host» «port»
== wait_port
Wait until port «port» on «host» accepts connections, trying every «secs»
Block until «host»:«port» is reachable, testing once in «secs»
Loop with pauses of «secs» until a TCP connection to «host» port «port» works
$ until nc -z «host» «port»; do sleep «secs»; done
== ping_count
Ping «domain» «n» times
Send «n» echo requests to «domain»
Check the connection to «domain» with «n» pings
$ ping -c «n» «domain»
== ping_quiet
Print "up" if «ip» answers one ping within «secs», otherwise "down"
Test whether the host «ip» replies to a ping within «secs» and print up or down
Say up or down depending on one ping to «ip» with «secs» to answer
$ if ping -c 1 -W «secs» «ip» > /dev/null 2>&1; then echo up; else echo down; fi
== dig_record
Look up the «record» records of «domain», short output only
Print the «record» record of «domain» with dig, nothing else
Which «record» records does the DNS have for «domain»?
$ dig +short «domain» «record»
== dig_server
Ask the name server «ip» for the «record» records of «domain»
Query «domain» for «record» records at the DNS server «ip»
Use dig to get the «record» record of «domain» from «ip»
$ dig @«ip» «domain» «record»
== curl_save
Download «url» and save it as «out»
Fetch «url» to the file «out», following redirects and failing on HTTP errors
Get «url» with curl and store the body in «out»
$ curl -fsSL -o «out» «url»
== curl_status
Print only the HTTP status code of «url», waiting at most «secs»
Which status code does «url» return? Give up after «secs»
Request «url» with a limit of «secs» and show nothing but the response code
$ curl -s -o /dev/null -m «secs» -w '%{http_code}\n' «url»
== curl_headers
Show the response headers of «url», with «secs» to connect
Print just the HTTP headers that «url» sends, giving up if connecting takes more than «secs»
Make a HEAD request to «url» with a connection timeout of «secs»
$ curl -sI --connect-timeout «secs» «url»
== curl_post_json
Send the JSON object {"«key»": "«word»"} to «url» with a POST request
POST JSON with "«key»" set to "«word»" to «url»
Use curl to post {"«key»": "«word»"} as JSON to «url»
$ curl -sS -X POST -H 'Content-Type: application/json' -d '{"«key»": "«word»"}' «url»
== curl_header
Request «url» with the header X-«hkey»: «word»
Get «url», sending the extra header "X-«hkey»: «word»"
Fetch «url» with curl and set the request header X-«hkey» to «word»
$ curl -sS -H 'X-«hkey»: «word»' «url»
== curl_retry
Download «url» to «out», trying again up to «small» times
Fetch «url» with at most «small» retries and save it in «out»
Get «url» as «out» and retry «small» times on temporary errors
$ curl -fL --retry «small» -o «out» «url»
== curl_jq
Fetch «url» and print the field "«key»" of the JSON answer
Get the JSON from «url» and extract its «key» as raw text
Print the value of "«key»" in the JSON document at «url»
$ curl -fsS «url» | jq -r '.«key»'
== curl_time
Print how many seconds in total a request to «url» takes, with a limit of «secs»
How long does it take to fetch «url»? Stop after «secs»
Measure the total time of a request to «url», at most «secs»
$ curl -s -o /dev/null -m «secs» -w '%{time_total}\n' «url»
== curl_upload
Upload «file» to «url» as the form field "«key»"
Post the file «file» to «url» in a form under the name «key»
Send «file» with curl to «url» as multipart form data called "«key»"
$ curl -fsS -F '«key»=@«file»' «url»
== wget_save
Download «url» to the directory «target», continuing a partial download
Resume fetching «url» into «target» with wget
Use wget to get «url» into «target» and go on where it stopped
$ wget -c -P «target» «url»
== wget_list
Download every address listed in «file» to «target», waiting «secs» between downloads
Fetch all URLs in «file» into «target» with pauses of «secs»
Use wget on the list «file», saving to «target» and sleeping «secs» after each file
$ wget -i «file» -P «target» -w «secs»
== http_server
Serve the directory «folder» over HTTP on port «port»
Start a simple web server for «folder» that listens on port «port»
Share «folder» on port «port» with Python's built-in web server
$ python3 -m http.server «port» --directory «folder»
== ssh_command
Run "«rcmd»" on «host» as «user»
Log in to «host» as the user «user» and execute "«rcmd»"
Execute the command "«rcmd»" remotely on «host» with the account «user»
$ ssh «user»@«host» '«rcmd»'
== ssh_port
Open an ssh session to «host» as «user» on port «lport»
Connect to «host» over ssh with the user name «user» and port «lport»
Log in as «user» on «host», where the ssh server listens on port «lport»
$ ssh -p «lport» «user»@«host»
== ssh_tunnel
Forward the local port «lport» to port «port» on «host» through ssh as «user», without a shell
Make an ssh tunnel from local port «lport» to port «port» of «host», logging in as «user»
Open a tunnel so that localhost:«lport» reaches port «port» on «host» with the account «user»
$ ssh -N -L «lport»:localhost:«port» «user»@«host»
== ssh_copy_id
Copy your public ssh key to «host» for the user «user» on port «lport»
Install the ssh key for «user» on «host», whose ssh port is «lport»
Allow key login as «user» at «host» through port «lport»
$ ssh-copy-id -p «lport» «user»@«host»
== ssh_keygen
Create an Ed25519 ssh key in ~/.ssh/«name»_key with the comment «user»@«host»
Generate a new ssh key pair of type ed25519 called ~/.ssh/«name»_key, commented «user»@«host»
Make an ed25519 key for «user»@«host» and store it as ~/.ssh/«name»_key
$ ssh-keygen -t ed25519 -C '«user»@«host»' -f ~/.ssh/«name»_key
== scp_to
Copy «file» to the directory «target» on «host» as «user»
Upload «file» with scp to «target» at «host», user «user»
Send «file» to «user»@«host» and put it in «target»
$ scp «file» «user»@«host»:«target»/
== scp_from
Copy the directory «folder» from «host» to the current directory, logging in as «user»
Download «folder» recursively from «host» with scp as the user «user»
Fetch the whole of «folder» from «user»@«host» into this directory
$ scp -r «user»@«host»:«folder» .
== rsync_remote
Synchronise «folder» with «target» on «host» as «user», compressed and with progress
Push «folder» to «target» on «user»@«host» using rsync with compression
Upload the content of «folder» to «host»:«target» over rsync as «user», showing progress
$ rsync -avz --progress «folder»/ «user»@«host»:«target»/
== ssh_tar
Back up «folder» of «host» into the local file «archive».tar.gz through ssh as «user»
Stream a tar archive of «folder» from «user»@«host» into «archive».tar.gz
Log in to «host» as «user», pack «folder» there and store it here as «archive».tar.gz
$ ssh «user»@«host» 'tar -czf - «folder»' > «archive».tar.gz
== git_clone
Clone «repo» into the directory «name»
Make a copy of the git repository «repo» called «name»
Get the repository at «repo» and put it in «name»
$ git clone «repo» «name»
== git_clone_shallow
Clone only the branch «branch» of «repo» without its history
Make a shallow clone of the branch «branch» from «repo»
Get just the latest commit on «branch» of the repository «repo»
$ git clone --depth 1 --branch «branch» «repo»
== git_commit
Stage all .«ext» files and commit them with the message "«message»"
Commit every .«ext» file with the message "«message»"
Add the .«ext» files to the index and make the commit "«message»"
$ git add -- '*.«ext»' && git commit -m "«message»"
== git_commit_file
Commit the changes in «file» alone with the message "«message»"
Make a commit of just «file», saying "«message»"
Record the current state of «file» in git with the commit message "«message»"
$ git commit -m "«message»" -- «file»
== git_branch_new
Create the branch «branch» from «tag» and switch to it
Start a new branch called «branch» at «tag»
Check out a new branch «branch» that begins at the tag «tag»
$ git switch -c «branch» «tag»
== git_merge
Switch to «branch», update it and merge the tag «tag» with a merge commit
Merge «tag» into an up-to-date «branch» without fast-forwarding
Bring «branch» up to date and merge «tag» there, always making a merge commit
$ git switch «branch» && git pull --ff-only && git merge --no-ff «tag»
== git_log_author
Show the last «n» commits by «user» on one line each
List the «n» most recent commits of the author «user» in short form
Print «n» one-line log entries of commits made by «user»
$ git log --oneline -n «n» --author='«user»'
== git_log_since
Show the commits of the last «days» that touch «file»
Which commits changed «file» within the past «days»?
Print the one-line history of «file» for the last «days»
$ git log --oneline --since='«days» days ago' -- «file»
== git_log_grep
Find the commits on «branch» whose message mentions "«pattern»", ignoring case
Search the log of «branch» for "«pattern»" without regard to case
Which commits reachable from «branch» have "«pattern»" in upper or lower case in their message?
$ git log --oneline -i --grep='«pattern»' «branch»
== git_log_string
Find the commits that added or removed "«pattern»" in «file»
In which commits did the number of occurrences of "«pattern»" in «file» change?
Search the history of «file» for changes that introduce or delete the text "«pattern»"
$ git log -S '«pattern»' --oneline -- «file»
== git_diff_branch
List the .«ext» files that differ between «tag» and the branch «branch»
Which .«ext» files changed from «tag» to «branch»?
Show only the names of .«ext» files with differences between «tag» and «branch»
$ git diff --name-only «tag» «branch» -- '*.«ext»'
== git_show_file
Print «file» as it was in «tag»
Show the version of «file» that belongs to the tag «tag»
What did «file» look like in «tag»?
$ git show «tag»:«file»
== git_restore
Throw away uncommitted changes to «file» and take its version from «branch»
Restore «file» in the working tree from the branch «branch»
Replace «file» by the version on «branch»
$ git restore --source «branch» -- «file»
== git_undo
Undo the last «small» commits but keep their changes in the working tree on «branch»
On «branch», take back the last «small» commits without losing the changes
Switch to «branch» and reset it by «small» commits, leaving files as they are
$ git switch «branch» && git reset «branch»~«small»
== git_stash
Stash all changes, untracked files too, with the message "«message»"
Put away the current work, including new files, under the name "«message»"
Save tracked and untracked changes on the stash described as "«message»"
$ git stash push -u -m "«message»"
== git_tag
Create the annotated tag «tag» with the message "«message»" and push it
Tag the current commit as «tag» saying "«message»" and send the tag to origin
Make an annotated tag «tag» ("«message»") and publish it
$ git tag -a «tag» -m "«message»" && git push origin «tag»
== git_delete_branch
Delete the branch «branch» here and on the remote «remote»
Remove «branch» locally, if it is merged, and from «remote»
Get rid of the merged branch «branch» both in this repository and on «remote»
$ git branch -d «branch» && git push «remote» --delete «branch»
== git_remote
Add the remote «remote» with the address «repo» and fetch from it
Register «repo» as the remote «remote» and download its branches
Connect this repository to «repo» under the name «remote» and fetch
$ git remote add «remote» «repo» && git fetch «remote»
== git_push_upstream
Push «branch» to «remote» and set it as upstream
Publish the branch «branch» on «remote» and track it
Send «branch» to the remote «remote» for the first time, with tracking
$ git push -u «remote» «branch»
== git_blame
Show who last changed lines «n» to «m» of «file»
Blame lines «n» through «m» of the file «file»
Which commits are responsible for lines «n» to «m» in «file»?
$ git blame -L «n»,«m» -- «file»
== git_count_author
How many commits did each author make on «branch» in the last «days»?
Count commits per author on the branch «branch» for the past «days»
List the authors of commits on «branch» within «days», with numbers, the most active first
$ git shortlog -sn --since='«days» days ago' «branch»
== git_archive
Export «tag» as «archive».tar.gz without the git history
Pack the files of the tag «tag» into «archive».tar.gz
Create «archive».tar.gz from the tree of «tag»
$ git archive --format=tar.gz -o «archive».tar.gz «tag»
== git_cherry
Apply the last commit of «branch» to the branch «target_branch»
Cherry-pick the newest commit of «branch» onto «target_branch»
Switch to «target_branch» and copy the tip commit of «branch» there
$ git switch «target_branch» && git cherry-pick «branch»
== git_config
Set the git user name to «user» and the address to «user»@«domain» for this repository
Configure git here with the name «user» and the email «user»@«domain»
Use «user» and «user»@«domain» as the author of commits in this repository
$ git config user.name '«user»' && git config user.email '«user»@«domain»'
== date_format
Print the current date and time in «tz» as «datefmt»
Show the date in the time zone «tz», formatted as «datefmt»
What is the time now in «tz», written as «datefmt»?
$ TZ=«tz» date '+«datefmt»'
== date_offset
Print the date «days» from today as «datefmt»
Which date is it in «days», shown as «datefmt»?
Show today plus «days», formatted as «datefmt»
$ date -d '+«days» days' '+«datefmt»'
== date_ago
Print the date and time «hours» ago as «datefmt»
What was the moment «hours» before now, written as «datefmt»?
Show the time «hours» in the past, formatted as «datefmt»
$ date -d '«hours» hours ago' '+«datefmt»'
== date_file
Save the date in «datefmt» as the first line of «out» and append the content of «file»
Write a line with the date ("«datefmt»") and then «file» to «out»
Put the current date as «datefmt» on top of a copy of «file» called «out»
$ { date '+«datefmt»'; cat «file»; } > «out»
== service_action
Connect to «host» as «user» and «action» the service «service»
Log in to «host» as «user» and «action» «service»
Use ssh as «user» to «action» the service «service» on «host»
$ ssh «user»@«host» 'sudo systemctl «action» «service»'
== service_status
Print whether «service» and «service_b» are active
Are the services «service» and «service_b» running?
Show the state of «service» and of «service_b», one word each
$ systemctl is-active «service» «service_b»
== service_enable
Enable «service» and «service_b» at boot and start them right away
Make «service» and «service_b» start now and after every boot
Turn the services «service» and «service_b» on permanently and at once
$ sudo systemctl enable --now «service» «service_b»
== journal_since
Show the log of «service» for the last «minutes»
Print the journal entries of the service «service» from the past «minutes»
What did «service» log within the last «minutes»?
$ journalctl -u «service» --since '«minutes» minutes ago' --no-pager
== journal_priority
Show the last «n» journal lines of «service» with priority «priority» or worse
Print the newest «n» messages of «service» at level «priority» and above
Which are the «n» most recent log lines of «service» that are «priority» or more severe?
$ journalctl -u «service» -p «priority» -n «n» --no-pager
== journal_grep
Count the journal lines of «service» since yesterday that contain "«pattern»"
How many log entries of «service» from yesterday on mention "«pattern»"?
Print the number of lines with "«pattern»" in the journal of «service» since yesterday
$ journalctl -u «service» --since yesterday --no-pager | grep -c '«pattern»'
== journal_vacuum
Delete archived journal files until at most «bigsize» are left
Shrink the systemd journal to «bigsize»
Remove old journal data so that it takes no more than «bigsize» of disk
$ sudo journalctl --vacuum-size=«bigsize»
== docker_run
Run «image» in the background as "«container»" with port «port» of the container on port «lport»
Start a detached container named «container» from «image», mapping local port «lport» to «port»
Launch «image» as «container» in the background and publish container port «port» at «lport»
$ docker run -d --name «container» -p «lport»:«port» «image»
== docker_run_volume
Run a shell in «image» with «rel» of this directory mounted at /work, and remove the container afterwards
Start a temporary interactive container from «image» that sees ./«rel» as /work
Open sh in a throwaway container of «image», mounting «rel» from here on /work
$ docker run --rm -it -v "$PWD/«rel»":/work -w /work «image» sh
== docker_logs
Follow the log of the container «container», starting with the last «lines»
Show the last «lines» of output of the container «container» and keep following
Tail «lines» of the docker log of «container» and go on as it grows
$ docker logs -f --tail «lines» «container»
== docker_logs_since
Search the last «hours» of the log of the container «container» for "«pattern»"
Which lines that «container» logged in the past «hours» contain "«pattern»"?
Grep the docker log of «container» from the last «hours» for "«pattern»", errors included
$ docker logs --since «hours»h «container» 2>&1 | grep '«pattern»'
== docker_exec
Run "«rcmd»" inside the container «container» as the user «user»
Execute "«rcmd»" as «user» in the running container «container»
In the container «container», run the command "«rcmd»" with the account «user»
$ docker exec -u «user» «container» sh -c '«rcmd»'
== docker_cp
Copy «file» from the container «container» into «target»
Get «file» in /app of the container «container» and put it in «target»
Fetch /app/«file» from «container» to the directory «target»
$ docker cp «container»:/app/«file» «target»/
== docker_build
Build an image called «container»:«tag» from the Dockerfile in «folder»
Make the docker image «container» with the tag «tag» from «folder»
Use the Dockerfile of «folder» to build «container»:«tag»
$ docker build -t «container»:«tag» «folder»
== docker_stop_all
Stop all running containers made from «image», giving each «secs» to end
Stop every container that runs «image», with a grace period of «secs»
Shut down the containers of the image «image», waiting «secs» before killing
$ docker ps -q --filter ancestor=«image» | xargs -r docker stop -t «secs»
== docker_env
Print the value of the environment variable «env» in the container «container»
What is «env» set to inside the container «container»?
Show the variable «env» as the container «container» sees it
$ docker exec «container» printenv «env»
== docker_inspect
Print the IP address of the container «container» on the network «network»
Which IP address does «container» have in the docker network «network»?
Show the address of the container «container» within «network»
$ docker inspect -f '{{(index .NetworkSettings.Networks "«network»").IPAddress}}' «container»
== env_run
Run "«cmd»" with the environment variable «env» set to "«word»"
Set «env» to "«word»" just for the command "«cmd»"
Execute "«cmd»" in an environment where «env» is "«word»"
$ env «env»=«word» «cmd»
== path_add
Add «folder»/bin to the front of PATH for this session and run "«cmd»"
Put «folder»/bin first in the search path, then run "«cmd»"
Prepend «folder»/bin to PATH and execute "«cmd»"
$ export PATH="«folder»/bin:$PATH"; «cmd»
== env_check
Print "missing" if the environment variable «env» is empty or unset, else print "«word»"
Check that «env» has a value: print "«word»" if so, "missing" if not
Echo "«word»" when $«env» is set and not empty, otherwise "missing"
$ if [ -n "${«env»:-}" ]; then echo '«word»'; else echo missing; fi
== user_add
Create the user «user» with a home directory and make it a member of «group»
Add the account «user» with a home, also belonging to the group «group»
Make a new user «user» who has a home directory and is in the group «group»
$ sudo useradd -m -G «group» «user»
== user_group
Add «user» to the groups «group» and «group_b» without removing other memberships
Make «user» a member of «group» and «group_b» too
Append the groups «group» and «group_b» to those of the user «user»
$ sudo usermod -aG «group»,«group_b» «user»
== apt_install
Install the packages «package» and «package_b» without asking
Use apt-get to install «package» together with «package_b», answering yes
Update the package lists, then install «package» and «package_b» unattended
$ sudo apt-get update && sudo apt-get install -y «package» «package_b»
== which_check
Install «package» only if the command «tool» is not available
If there is no command «tool», install the package «package»
Check for «tool» and install «package» with apt-get when it is missing
$ command -v «tool» > /dev/null || sudo apt-get install -y «package»
== loop_hosts
Run "«rcmd»" on every host listed in «file», as «user»
Log in as «user» to each host named in «file» and execute "«rcmd»"
For each line of «file», a host name, run "«rcmd»" there over ssh with the account «user»
$ while read -r host; do ssh -n «user»@"$host" '«rcmd»'; done < «file»
== loop_count
Count from «n» to «m» and wait «secs» between the numbers
Print the numbers «n» to «m» with pauses of «secs»
Echo every number between «n» and «m», sleeping «secs» after each
$ for i in {«n»..«m»}; do echo "$i"; sleep «secs»; done
== loop_files
Print the name and the number of lines of each .«ext» file in «dir»
For every .«ext» file in «dir», show its name and how many lines it has
Loop over the .«ext» files of «dir» and print each one's line count
$ for f in «dir»/*.«ext»; do printf '%s %d\n' "$f" "$(wc -l < "$f")"; done
== test_file
Print "«word»" if «file» exists in «dir» and is not empty
Check whether «dir»/«file» has any content and, if so, print "«word»"
Echo "«word»" when «file» in «dir» is there and larger than zero bytes
$ [ -s «dir»/«file» ] && echo '«word»'
== test_dir
Create «folder» if it does not exist, then change to it and run "«cmd»"
Make sure that «folder» exists, go there and run "«cmd»"
Change to «folder», creating it when necessary, and execute "«cmd»"
$ mkdir -p «folder» && cd «folder» && «cmd»
== openssl_cert
Print the expiry date of the TLS certificate of «domain» on port «tlsport»
When does the certificate that «domain» presents on port «tlsport» run out?
Show the end date of the certificate at «domain»:«tlsport»
$ openssl s_client -connect «domain»:«tlsport» -servername «domain» < /dev/null 2> /dev/null | openssl x509 -noout -enddate
== random_password
Print «small» random passwords of «n» characters, letters and digits only
Generate «small» passwords with «n» random letters and digits each
Make «small» random alphanumeric strings of length «n»
$ LC_ALL=C tr -dc 'A-Za-z0-9' < /dev/urandom | fold -w «n» | head -n «small»
"""
