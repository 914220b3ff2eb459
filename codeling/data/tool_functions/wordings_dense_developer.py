"""More ways to ask for the developers' functions of the profile ``dense`` that ``quick`` does not have."""

from __future__ import annotations

from codeling.data.tool_functions.spec import lines

WORDINGS: dict[str, tuple[str, ...]] = {
    "unescape_html": lines("""
        Decode the HTML entities in {text}
        Turn the entities of {text} into normal characters
        Replace the HTML entities in {text} by what they stand for
        Make {text} readable by undoing its HTML escapes
        Undo the HTML escaping of {text}
        How does {text} read as ordinary text? It is HTML
        Convert the HTML escapes in {text} to text
        unescape {text}
        I copied {text} from a web page, decode its entities
        Which text is written by the HTML {text}?
        Could you unescape the HTML in {text}?
        Show {text} without HTML escapes
        Translate the HTML entities in {text} into characters
        There are entities in {text}, decode them
        Give me {text} as plain text, with no HTML entities
        Remove the HTML escaping from {text}
        The source of the page has {text}. Unescape that
        Please give the HTML text {text} back its characters
    """),
    "sort_imports": lines("""
        Sort the import lines of {path}[, {remove_unused}]
        Arrange the imports in {path}[, {remove_unused}]
        Tidy the imports of {path}[, {remove_unused}]
        Bring order into the imports of {path}[, {remove_unused}]
        Reorder the import statements in {path}[, {remove_unused}]
        sort imports {path}[ {remove_unused}]
        Could you tidy up the import lines in {path}[, {remove_unused}]?
        Run isort on {path}[, {remove_unused}]
        Alphabetize the imports of {path}[, {remove_unused}]
        The imports of {path} should be sorted[, {remove_unused}]
        {path} has unsorted imports, fix that[, {remove_unused}]
        Group and sort what {path} imports[, {remove_unused}]
        My linter wants sorted imports in {path}[, {remove_unused}]
        Put the import section of {path} into the usual order[, {remove_unused}]
        I'd like the imports at the top of {path} sorted[, {remove_unused}]
        Fix the order of imports in {path}[, {remove_unused}]
        Let the imports in {path} be in alphabetical order[, {remove_unused}]
        Would you reorganize the imports of {path}[, {remove_unused}]?
    """),
    "ping_host": lines("""
        Is {host} up? Ping it[ {count} times]
        Do a ping to {host}[ with {count} packets]
        Does {host} answer to ping[, {count} packets]?
        See if {host} replies to pings[, send {count}]
        Check whether {host} is reachable by ping[ using {count} packets]
        Ping the server {host}[, {count} times]
        How quickly does {host} reply to[ {count}] pings?
        Test the connection to {host} with ping[, {count} packets]
        pings to {host}[: {count}]
        Measure the ping to {host}[ over {count} packets]
        Could you send[ {count}] ping packets to {host}?
        Is the host {host} alive[? Send {count} pings]
        Can we reach {host} over the network[? Ping it {count} times]
        Run ping against {host}[ with {count} packets]
        How long do pings to {host} take[ ({count} of them)]?
        I think {host} is down, ping it[ {count} times]
        Would you ping {host} for me[, {count} packets]?
        Let me know how {host} responds to[ {count}] pings
    """),
    "git_revert": lines("""
        Undo {commit} by a new commit
        Revert the changes that commit {commit} made
        Make a revert of commit {commit}
        revert {commit}
        Take commit {commit} back
        The commit {commit} was a mistake, revert it
        Could you revert the commit {commit} in git?
        Create a commit that undoes {commit}
        Undo what was done in commit {commit}
        Please undo commit {commit} without rewriting history
        Add a new commit to take back {commit}
        Reverse the commit {commit}
        {commit} introduced a bug, please revert this commit
        I regret commit {commit}, undo it
        Use git revert on {commit}
        The change of commit {commit} should be undone
        We have to back out commit {commit}
        Would you back out {commit} with a revert?
    """),
    "decode_base64": lines("""
        What text is {data} in base64?
        Turn the base64 {data} back into text
        Which text does the base64 string {data} contain?
        Translate {data} from base64
        decode base64: {data}
        Get the plain text of the base64 value {data}
        Somebody sent me {data}. Decode the base64
        Base64-decode {data}
        Show the text behind the base64 {data}
        What is encoded in {data}? It is base64
        I need the decoded text of the base64 string {data}
        Could you decode {data}? It's base64
        Make the base64 data {data} readable
        The string {data} is in base64, what does it say?
        From base64 to text: {data}
        Please turn {data} from base64 into something I can read
        Read this base64: {data}
        Reverse the base64 encoding {data}
    """),
    "stop_container": lines("""
        Stop {container}, my running container[, within {timeout} seconds]
        Stop container {container}[, timeout {timeout}]
        Please shut down the container {container}[ in {timeout} seconds]
        Halt the container {container}[ after {timeout} seconds]
        The docker container {container} has to stop[ within {timeout} seconds]
        Make the container {container} stop[, at most {timeout} seconds]
        container stop {container}[ {timeout}]
        Could you stop the docker container {container}[ with {timeout} seconds of grace]?
        Let the container {container} stop running[, give it {timeout} seconds]
        Switch the container {container} off[, allow {timeout} seconds]
        Bring the container {container} to a stop[ in {timeout} seconds]
        I want the container {container} to be stopped[ in at most {timeout} seconds]
        The container {container} uses too much memory, stop it[ within {timeout} seconds]
        Stop running the container {container}[, waiting {timeout} seconds]
        Take down the running container {container}[ within {timeout} seconds]
        Would you stop {container}? It is a container[, wait {timeout} seconds]
        docker: stop {container}[ after {timeout} seconds]
        We don't need the container {container} to run now, stop it[ in {timeout} seconds]
    """),
    "explain_error": lines("""
        What does the error "{message}" mean[ in {language}]?
        Why do I get the error "{message}"[ in {language}]?
        Tell me what the error message "{message}" means[ in {language}]
        My program fails with "{message}"[ ({language})]
        What causes "{message}"[ in {language}]?
        I don't understand the message "{message}"[ of {language}]
        Explain what "{message}" means[ for {language} code]
        Can you explain the error "{message}"[, language {language}]?
        explain error "{message}"[ {language}]
        How can "{message}" happen[ in {language}]?
        My script crashed: "{message}"[, language {language}]
        The compiler complains: "{message}"[ ({language})]. Why?
        I see the error "{message}"[ in my {language} program], what is it?
        What went wrong if it says "{message}"[ in {language}]?
        Could you tell me why "{message}" comes up[ in {language}]?
        It prints "{message}"[ when I run my {language} code], what does this mean?
        Help me understand the error "{message}"[ from {language}]
        The error message is "{message}"[ in {language}]. Please explain
    """),
    "set_breakpoint": lines("""
        Add a breakpoint at {path} line {line}[ if {condition}]
        Put a breakpoint in {path} at line {line}[ when {condition}]
        Let the debugger stop in {path} on line {line}[ if {condition}]
        break {path}:{line}[ if {condition}]
        Make the debugger halt at line {line} in {path}[ if {condition}]
        Line {line} of {path} needs a breakpoint[ for {condition}]
        The debugger should break at {path} line {line}[ if {condition}]
        Could you set a breakpoint on {path}:{line}[ with condition {condition}]?
        I'm debugging {path}, stop at line {line}[ if {condition}]
        Debug {path}: break on line {line}[ when {condition}]
        Stop the program in {path} at line {line}[ if {condition}]
        A breakpoint for {path}, line {line}, please[, condition {condition}]
        Interrupt the run at {path} line {line}[ whenever {condition}]
        Place a breakpoint in the file {path} on line {line}[, if {condition}]
        When the program gets to line {line} of {path}[ and {condition}], stop
        In the debugger, break in the file {path} at line {line}[ if {condition}]
        Create a breakpoint: {path}, {line}[, {condition}]
        Would you break at line {line} in {path}[ when {condition}]?
    """),
    "append_to_file": lines("""
        Add "{text}" to the file {path}
        Append the text "{text}" to {path}
        Write "{text}" at the end of {path}
        Put "{text}" at the end of {path}
        Append a line to {path}: "{text}"
        Add this line at the end of {path}: "{text}"
        Could you append "{text}" to the file {path}?
        {path} should end with the line "{text}"
        Let {path} have one more line, "{text}"
        Attach "{text}" to the end of the file {path}
        I want to add "{text}" to {path}
        echo "{text}" >> {path}
        Please write one more line into {path}: "{text}"
        Insert "{text}" as the last line of {path}
        Extend the file {path} with "{text}"
        Add to {path} the words "{text}"
        Would you put "{text}" at the bottom of the file {path}?
        Continue {path} with "{text}"
    """),
    "add_user_to_group": lines("""
        Add the user {user} to group {group}
        Put {user} into the group {group}
        {user} needs to be in the group {group}
        Let {user} be a member of the group {group}
        Give {user} membership in the group {group}
        Add {user} as a member of {group}
        group {group}: add {user}
        Could you add the account {user} to the group {group}?
        Make the user {user} join {group}
        Include {user} in the group {group}
        The user {user} has to become a member of {group}
        Add to the group {group} the user {user}
        I want {user} to belong to the group {group}
        Enter the user {user} into {group}
        {user} should get the membership of group {group}
        Would you put the user {user} into the group {group}?
        New member for the group {group}: {user}
    """),
    "generate_ssh_key": lines("""
        Create an {type} key pair in {path}[ with comment {comment}]
        Generate a new SSH key, {type}, at {path}[, comment {comment}]
        Make an SSH key of the type {type} in {path}[ with the comment {comment}]
        I want a new {type} SSH key saved as {path}[, comment {comment}]
        New SSH key: {type}, {path}[, {comment}]
        ssh key {type} {path}[ {comment}]
        Could you create an SSH key ({type}) in the file {path}[ with comment {comment}]?
        Generate SSH keys with {type}, file {path}[, comment {comment}]
        Produce a key pair for SSH in {path}, {type}[, with the comment {comment}]
        Set up an {type} SSH key at {path}[, labelled {comment}]
        Give me a new {type} key for SSH as {path}[, comment {comment}]
        I have no SSH key yet, make an {type} one in {path}[ for {comment}]
        Run ssh-keygen for an {type} key in {path}[ with {comment} as the comment]
        Build a fresh SSH key pair {path} of type {type}[ with comment {comment}]
        Please make a key to log in by SSH: {type}, saved in {path}[, comment {comment}]
        For SSH I need an {type} key in the file {path}[, comment {comment}]
        Would you generate me an {type} key pair at {path}[ and comment it {comment}]?
        Write an {type} SSH key to the file {path}[ with the comment {comment}]
    """),
    "validate_json": lines("""
        Check whether {text} is valid JSON
        Can {text} be parsed as JSON?
        Test if {text} is correct JSON
        Is this JSON valid: {text}?
        Is there an error in the JSON {text}?
        valid json? {text}
        Tell me whether {text} is proper JSON
        Verify that {text} is JSON
        Validate {text} as JSON
        Does {text} follow the rules of JSON?
        Is the JSON {text} broken?
        Could you check the JSON {text} for mistakes?
        I wrote the JSON {text}, is it correct?
        See if {text} is JSON without errors
        Try to parse the JSON {text}
        Did I write valid JSON: {text}?
        Examine {text}: is this JSON all right?
        Would you validate this JSON text {text}?
    """),
    "stop_service": lines("""
        Stop {service}, the service
        Please stop the service {service}
        End the service {service}
        Make the service {service} stop
        The service {service} has to be stopped
        Disable the running service {service} for now
        service {service} stop
        Could you shut the service {service} down?
        I want the service {service} to stop
        Switch off the service {service}
        Bring down {service}, that service
        Let the service {service} stop
        Use systemctl to stop {service}
        We have to stop the {service} service
        The {service} service must not run, stop it
        Have the service {service} stopped
        Would you stop the system service {service}?
        No longer run the service {service}
    """),
    "remove_container": lines("""
        Delete the docker container {container}[ {volumes}]
        Remove container {container}[, {volumes}]
        The container {container} should be removed[ {volumes}]
        Please remove my old container {container}[ {volumes}]
        container rm {container}[ {volumes}]
        Could you delete container {container}[, {volumes}]?
        Erase the container {container}[ {volumes}]
        I want the container {container} deleted[ {volumes}]
        Nobody needs the container {container}, delete it[ {volumes}]
        Discard the container {container}[ {volumes}]
        Let the container {container} be deleted[, {volumes}]
        We can remove the docker container {container}[ {volumes}]
        Clean up by removing the container {container}[ {volumes}]
        The container {container} must be deleted[, {volumes}]
        Would you remove the container {container} for good[, {volumes}]?
        Destroy container {container}[ {volumes}]
        docker: delete {container}[ {volumes}]
    """),
    "truncate_text": lines("""
        Shorten the text "{text}" to at most {length} characters[, {ellipsis}]
        Cut off "{text}" after {length} characters[, {ellipsis}]
        Cut the text "{text}" at {length} characters[ {ellipsis}]
        Give me {length} characters of "{text}"[, {ellipsis}]
        truncate "{text}" {length}[ {ellipsis}]
        Make the text "{text}" shorter: {length} characters[, {ellipsis}]
        Let "{text}" have no more than {length} characters[, {ellipsis}]
        Take the first {length} characters of "{text}"[, {ellipsis}]
        Could you trim the text "{text}" to {length} characters[ {ellipsis}]?
        My field holds {length} characters, shorten "{text}" to fit[, {ellipsis}]
        Trim "{text}", keep {length} characters[, {ellipsis}]
        "{text}" must not be longer than {length} characters[, {ellipsis}]
        Reduce "{text}" to {length} characters[ {ellipsis}]
        Chop "{text}" after {length} characters[, {ellipsis}]
        Drop everything in "{text}" after {length} characters[, {ellipsis}]
        The title "{text}" may have {length} characters, cut the rest[, {ellipsis}]
        Would you truncate the string "{text}" to {length}[, {ellipsis}]?
    """),
    "get_cpu_load": lines("""
        What is the CPU load[ over {minutes} minutes]?
        How high is the load of the processor[ over {minutes} minutes]?
        Is the CPU busy[? Look at {minutes} minutes]
        Show me the CPU usage[ of {minutes} minutes]
        cpu load[ {minutes}]
        What is my CPU doing[, averaged over {minutes} minutes]?
        Tell me the load average[ for {minutes} minutes]
        Get the current load of the CPU[, {minutes} minutes]
        How loaded is the processor[ over the last {minutes} minutes]?
        My computer is slow, what is the CPU load[ over {minutes} minutes]?
        Could you check the CPU usage[ in the last {minutes} minutes]?
        Give me the load of the machine's processor[, {minutes} minutes]
        How many percent of the CPU are used[ over {minutes} minutes]?
        Does the processor have much to do[ ({minutes} minutes)]?
        Let me see the processor usage[ averaged over {minutes} minutes]
        Read the CPU load[ for the past {minutes} minutes]
        I want to know how busy the processor is[ over {minutes} minutes]
        Would you show the load on this CPU[, {minutes} minute average]?
    """),
    "compare_files": lines("""
        Show the differences between the files {first} and {second}[, {ignore_case}]
        Do the files {first} and {second} differ[, {ignore_case}]?
        Compare the file {first} to {second}[, {ignore_case}]
        What differs between {first} and {second}[, {ignore_case}]?
        Make a diff of {first} and {second}[, {ignore_case}]
        compare {first} {second}[ {ignore_case}]
        Is {first} the same file as {second}[, {ignore_case}]?
        Which lines of {first} and {second} differ[, {ignore_case}]?
        Could you diff the files {first} and {second}[, {ignore_case}]?
        Find the differences of {first} and {second}[ {ignore_case}]
        Tell me how {first} and {second} differ[, {ignore_case}]
        I have two files, {first} and {second}. What is different[, {ignore_case}]?
        Are there differences between {first} and {second}[, {ignore_case}]?
        List what is different in {first} and {second}[, {ignore_case}]
        See if the contents of {first} and {second} match[, {ignore_case}]
        Run diff on {first} and {second}[, {ignore_case}]
        Would you compare the contents of {first} with {second}[, {ignore_case}]?
    """),
    "container_logs": lines("""
        Show the log of container {container}[, {lines} lines]
        Print the logs of the container {container}[, last {lines} lines]
        What did the container {container} log[? The last {lines} lines]
        logs of {container}[, {lines}]
        Let me see the logs of the docker container {container}[, {lines} lines]
        Read[ {lines} lines of] the logs of container {container}
        Could you show me the log of the container {container}[, {lines} lines of it]?
        The container {container} has a problem, show me its logs[ ({lines} lines)]
        Fetch the logs for container {container}[, {lines} lines]
        Give me the last log lines of the container {container}[, {lines} lines]
        Which messages did container {container} write[? Show {lines} lines]
        I want to read the logs of container {container}[, {lines} lines]
        Display the container log of {container}[ with {lines} lines]
        container logs {container}[ {lines}]
        Look into the logs of the container {container}[, {lines} lines]
        Tell me what is in the log of container {container}[, last {lines} lines]
        Would you print what the container {container} has logged[, {lines} lines]?
    """),
    "run_container": lines("""
        Start a container with the image {image}[, name {name}][, port {port}][, environment {environment}]
        Run {image} as a container[ named {name}][ on port {port}][ with {environment}]
        Create and start a container from {image}[, called {name}][, port {port}][, with {environment}]
        Start the image {image}[ as {name}][ on port {port}][ with the variables {environment}]
        container from {image}[, name {name}][, port {port}][, env {environment}]
        Could you run a container of the image {image}[ called {name}][ on port {port}][ with {environment}]?
        Let {image} run in a new container[ called {name}][, port {port}][, environment {environment}]
        I want to start {image} with docker[ as {name}][ on port {port}][ with {environment}]
        Spin up {image}[ named {name}][ on port {port}][ with {environment}]
        New container from the image {image}[, named {name}][, at port {port}][, setting {environment}]
        Launch a container based on {image}[, name it {name}][, publish {port}][, set {environment}]
        Please start up a docker container: {image}[, name {name}][, port {port}][, {environment}]
        Have docker run the image {image}[ under the name {name}][ on port {port}][ with {environment}]
        Fire up a {image} container[ called {name}][ with port {port}][ and {environment}]
        Use the image {image} to run a container[ {name}][, port {port}][, environment {environment}]
        Would you launch the image {image} for me[ as {name}][ on port {port}][ with {environment}]?
        We need the image {image} running[ as {name}][ at port {port}][ with {environment}]
        Docker should run {image}[, name {name}][, port {port}][, variables {environment}]
    """),
    "extract_function": lines("""
        Make a function {name} out of the lines {start} to {end} in {path}
        Turn lines {start} to {end} of {path} into a function called {name}
        Put lines {start}-{end} of {path} into a new function {name}
        The lines {start} to {end} in {path} should become the function {name}
        Create the function {name} from the code at {path}, lines {start} to {end}
        refactor {path} {start}-{end} -> {name}
        Could you extract the lines {start} to {end} from {path} as {name}?
        Lines {start} to {end} in {path} belong in their own function, {name}
        In the file {path}, extract {start} to {end} to a function {name}
        Take lines {start} through {end} from {path} and make them a function {name}
        Split the lines {start} to {end} off {path} into a function {name}
        Refactor the lines {start} to {end} of {path} into {name}
        I'd like {name} to be a function made of {path} lines {start} to {end}
        Wrap lines {start} to {end} of the file {path} in a function named {name}
        Factor out {path} lines {start}-{end} as {name}
        Would you move {path} lines {start} to {end} into a new function {name}?
    """),
    "set_priority": lines("""
        Set process {pid} to priority {priority}
        Change the priority of the process {pid} to {priority}
        Make {priority} the priority of process {pid}
        Let process {pid} run with priority {priority}
        renice -n {priority} -p {pid}
        Give the process with PID {pid} priority {priority}
        The priority of process {pid} should be {priority}
        Could you renice process {pid} to {priority}?
        Assign the priority {priority} to the process {pid}
        priority {priority} for process {pid}
        Process {pid} needs the priority {priority}
        Put PID {pid} at priority {priority}
        I want to change the nice value of PID {pid} to {priority}
        Process {pid} is too slow, set its priority to {priority}
        Have process {pid} use a nice value of {priority}
        Run PID {pid} at a nice level of {priority} from now on
        Renice the process number {pid} with {priority}
        Would you set the nice value of process {pid} to {priority}?
    """),
}
