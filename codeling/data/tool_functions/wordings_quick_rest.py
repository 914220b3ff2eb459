"""Still more ways to ask for the others of the two dozen functions of ``quick``: other verbs, nouns and idioms;
see ``wordings``."""

from __future__ import annotations

from codeling.data.tool_functions.spec import lines

WORDINGS: dict[str, tuple[str, ...]] = {
    "write_review": lines("""
        Award {stars} stars to the {product}[, noting "{comment}"]
        Leave customer feedback on the {product}, {stars} stars[, and mention "{comment}"]
        As a buyer of the {product} I vote {stars} stars[; quote me: "{comment}"]
        {stars} stars is what the {product} deserves[, since "{comment}"]
        Honest verdict after a week with the {product}: {stars} stars[. "{comment}"]
        The {product} was worth {stars} stars to me, let other customers know[: "{comment}"]
        How happy am I with the {product}? {stars} stars. Put that online[ along with "{comment}"]
        Grade the {product}: {stars} points out of five[, explanation "{comment}"]
        feedback {product} stars={stars}[ comment="{comment}"]
        The shop asked what I think about my {product}. Answer with {stars} stars[ plus the words "{comment}"]
        I'd recommend {stars} stars as the mark for the {product}[ and this sentence: "{comment}"]
        On the page of the {product}, click {stars} stars for me[ and type "{comment}"]
        Save my appraisal of the {product} as {stars} stars[, described as "{comment}"]
        Warn or cheer other shoppers: {product}, {stars} stars[, opinion "{comment}"]
        Record a customer rating for the {product}, namely {stars}[, in words "{comment}"]
        Let everyone see that the {product} earned {stars} stars[: "{comment}"]
        Kindly enter my assessment, {stars} stars, of the {product} I purchased[, including "{comment}"]
        Tested the {product}, came to {stars} stars[, conclusion "{comment}"]
        Was my {product} any good? I'd say {stars} stars, publish it[ together with "{comment}"]
        Mark the {product} {stars}/5 on the store's site[ and explain "{comment}"]
        Time to judge the {product}. It scores {stars} stars[; thoughts: "{comment}"]
        Contribute a user opinion about the {product}, amount of stars {stars}[, body "{comment}"]
        pls rate {product} w/ {stars} stars[, txt "{comment}"]
        Not more and not less than {stars} stars for this {product}[, because "{comment}"]
        I feel that {stars} stars suit the {product}, hand in the rating[ with a note: "{comment}"]
        Create product feedback: item {product}, stars {stars}[, remarks "{comment}"]
        Are you able to upload a testimonial about the {product} at {stars} stars[, reading "{comment}"]?
        My satisfaction with the {product} amounts to {stars} stars[, so I'd write "{comment}"]
        Bought, used, rated: the {product} receives {stars} stars[, summary "{comment}"]
        Under reviews of the {product}, file mine having {stars} stars[, titled "{comment}"]
        """),
    "count_items": lines("""
        Produce a histogram of {items}
        Who leads the poll? Ballots: {items}. Number per option, please
        Collect {items} into groups and state the size of every group
        I've got a pile with {items}. Break it down by number
        Occurrences per distinct element of {items}
        Counter over {items}
        Take stock of {items}, listing a total per sort
        Are there duplicates within {items}, and what number has each one?
        Keep score: {items}. What total did everyone get?
        The survey responses came back as {items}; I want totals for each response
        Distribution of values among {items}?
        Put a number beside each distinct thing out of {items}
        Enumerate repetitions: {items}
        value counts {items}
        Quantify every category present in {items}
        From {items}, say which ones repeat and the number of repeats
        Make an inventory of {items}: name and quantity
        Given {items}, calculate the occurrence number for each unique member
        group + count plz {items}
        Add up the ballots {items} so that I see the result of each candidate
        Is anything in {items} there twice or more? Report counts for all
        Draw up a frequency table for {items}
        {items} - that's what people chose. What are the numbers?
        Run through {items} keeping a tally mark per element
        Figure out the multiplicity of all elements: {items}
        While walking I noted {items}. How many did I see of each type?
        Statistics of how common each thing is: {items}
        Turn {items} into pairs of item and count
        Whenever something recurs in {items}, count it; give the totals by name
        Need a breakdown by quantity of these: {items}
        """),
    "solve_linear": lines("""
        Isolate x: {a} * x + {b} = {c}
        I'm stuck at algebra, {a} * x plus {b} is supposed to be {c}. x?
        Root of the first-degree equation {a} * x + {b} = {c}
        unknown times {a}, plus {b}, gives {c}; which number is the unknown?
        I'm thinking of a number. Times {a}, increased by {b}, it becomes {c}. Guess it
        For what number x does the left side {a} * x + {b} match the right side {c}?
        Rearrange {a} * x + {b} = {c} until x stands alone
        Coefficient {a}, constant {b}, right-hand side {c}: solve the linear equation
        linear a={a} b={b} c={c}
        Where does the line y = {a} * x + {b} reach the height {c}?
        Obtain x such that {c} = {a} * x + {b}
        {c} = {a} * x + {b}. Tell me x
        Resolve {a} * x + {b} == {c} for the variable
        Could you show which x satisfies {a} * x + {b} = {c}?
        A child asks: {a} times something plus {b} is {c}, what's the something?
        Which input x makes {a} * x + {b} come out as {c}?
        The result {c} arose from {a} * x + {b}; recover x
        eqn {a} * x + {b} = {c} x??
        Let {a} * x + {b} = {c}. Derive x
        To what does x amount, given that {a} * x + {b} equals {c}?
        Do the algebra for me with {a} * x + {b} = {c}
        Maths test question: {a} * x + {b} = {c}, so x is...?
        Someone charges {b} plus {a} per hour; x hours cost {c}. How large is x?
        Undo the sum: after multiplying x by {a} then adding {b} I had {c}
        Get rid of {b} and divide by {a} in the equation with x whose right side is {c}
        Please provide the solution set for x: {a} * x + {b} = {c}
        {b} + {a} * x = {c}, x wanted
        Having {a} * x + {b} = {c}, I can't see what x should be
        The variable x is missing from {a} * x + {b} = {c}, fill it in
        Suppose {c} is the sum of {b} and {a} * x. Evaluate x
        """),
    "book_details": lines("""
        Whose work is the novel "{title}"?
        Bibliographic data for "{title}"
        I saw "{title}" at the library, what's written there about author and date?
        Is "{title}" a thick book?
        What year was the first edition of "{title}" printed?
        Got a copy of "{title}" from grandma; which writer is behind it?
        author of {title}?
        Page count of "{title}"
        Fetch the record on the book "{title}"
        Can you name the novelist who created "{title}"?
        Our reading club chose "{title}". Facts about it, please
        Would I finish "{title}" in a weekend? Check its number of pages
        publication year, writer, pages: {title}
        Find me some background on the literary work "{title}"
        Since when has the novel "{title}" been in bookshops?
        For my essay I must cite "{title}": author plus year of publication
        Ever heard of a book named "{title}"? Give me the basics
        Consult the book catalogue about "{title}"
        "{title}" - from whose pen is it?
        Pull up everything known on the paperback "{title}"
        Did somebody famous write "{title}"?
        Retrieve author information regarding the title "{title}"
        wrote {title} who? when?
        I'd love to read "{title}" next. What should I know about that book?
        Is the book "{title}" old or recent?
        The cover says "{title}" but the author's name is torn off. Who was it?
        Describe the volume "{title}": writer, release, length
        Could you check how thick the book "{title}" is, in pages?
        Help me remember the writer of the story "{title}"
        I'm cataloguing my bookshelf; I lack the particulars of "{title}"
        """),
    "chat_message": lines("""
        DM {contact} "{message}"
        Shoot {contact} a quick note: "{message}"
        IM to {contact}, text "{message}"
        Get in touch with {contact} and mention: "{message}"
        Notify {contact} via chat: "{message}"
        Relay this to {contact}: "{message}"
        Forward the words "{message}" to {contact}
        {contact} is waiting to hear from me. Answer "{message}"
        I owe {contact} a reply, make it "{message}"
        Open the conversation with {contact} and type "{message}"
        Would you mind letting {contact} read "{message}"?
        "{message}" - get that across to {contact}
        msg {contact} "{message}"
        My buddy {contact} has to hear this: "{message}"
        Deliver the following to {contact}, please: "{message}"
        Hit up {contact} with "{message}"
        In the messenger, pick {contact} and enter "{message}"
        Contact {contact}. What I want to say is: "{message}"
        Convey "{message}" to my colleague {contact}
        tell {contact} quickly - "{message}"
        Communicate to {contact} that: "{message}"
        As I can't type now, you text {contact} for me: "{message}"
        For {contact}, from me: "{message}"
        Make sure {contact} gets my words "{message}"
        Recipient {contact}, content "{message}"
        How about writing to {contact}? I'd say "{message}"
        Report "{message}" back to {contact} by instant message
        Transmit "{message}" to {contact} on the messenger
        Does {contact} know yet? If not, they should get "{message}"
        """),
    "git_diff_branches": lines("""
        Contrast branch {head} with the older branch {base}
        What is new on {head} relative to the branch {base}?
        Which lines were added or removed going from {base} to the git branch {head}?
        Review the patch that turns {base} into {head}
        What would a pull request of {head} into {base} contain?
        Side by side: git branches {base}, {head}
        How far has {head} drifted from the branch {base}?
        delta between git branches {base} and {head}
        base={base} head={head}, diff pls
        Starting at {base}, which modifications does the branch {head} bring?
        I wonder what my teammate altered on {head} since branching from {base}
        Would merging {head} into {base} touch many files? Let me see the changes
        Are there any code changes separating {base} from {head}?
        Display the patch: branch {base} versus {head}
        Put branch {base} next to branch {head} and point out deviations
        Reveal everything that distinguishes the branch {head} from {base}
        What code do I get in {head} that {base} lacks? Use git
        Code review of {head}: give me the diff relative to {base}
        Is {base} identical to the branch {head}? If not, output the changed lines
        git: {base} vs {head}
        Please generate the changeset separating branch {base} from branch {head}
        Check out nothing, simply tell how {head} deviates from {base}
        Inspect the branch {head} for edits made on top of {base}
        Run a comparison of two branches, old one {base}, new one {head}
        I lost track of my work on {head}. What did I modify compared with {base}?
        The gap from branch {base} up to branch {head}, line by line
        Which edits are in {head} and not yet in the main line {base}?
        Examine divergence: {base}, {head}
        View the additions and deletions that {head} makes to {base}
        Before I open the merge request from {head} to {base}, I need to see its diff
        """),
    "reboot_machine": lines("""
        Power cycle {host}[ {minutes} minutes from now]
        Bounce the box {host}[ in {minutes} minutes]
        {host} is frozen solid, give it a fresh start[ in {minutes} minutes]
        Bring the node {host} down and back up[ after {minutes} minutes]
        Schedule a system restart for {host}[, {minutes} minutes ahead]
        Cold start of {host}, please[, not before {minutes} minutes have passed]
        Nothing responds on {host} anymore; a reboot should help[, {minutes} minutes from now]
        Could {host} be started afresh[ once {minutes} minutes are over]?
        Trigger the restart of machine {host}[, countdown {minutes} minutes]
        sudo reboot @ {host}[ delay {minutes}]
        ssh into {host} and reboot[, hold on for {minutes} minutes first]
        pls reboot box {host}[ in {minutes} mins]
        After the upgrade {host} wants rebooting[, allow {minutes} minutes]
        Memory leak on {host} again, just reboot the whole machine[ when {minutes} minutes are up]
        Kick {host} so it boots again[ in {minutes} minutes]
        Initiate a full system reboot at {host}[, wait time {minutes} minutes]
        Send the reboot command to {host}[ with {minutes} minutes of warning]
        Reset the computer {host} by rebooting[ {minutes} minutes later]
        The admin asks for a restart of host {host}[ in {minutes} minutes' time]
        Is it possible to have {host} reboot itself[ in about {minutes} minutes]?
        Switch the server {host} off, then on once more[, leaving users {minutes} minutes]
        Relaunch the machine at {host}[ when {minutes} minutes have gone by]
        Host {host} behaves oddly; rebooting is the cure[. Give it {minutes} minutes]
        Warm boot: {host}[, timer {minutes} minutes]
        I need {host} to go down for a reboot[ in {minutes} minutes]
        Do me a favour and have the computer {host} boot up again[, {minutes} minutes hence]
        Uptime of {host} is too long, let us restart that server[ in {minutes} minutes]
        Take {host} through a reboot cycle[, postponed by {minutes} minutes]
        Tell the server {host} to reboot[, though people need {minutes} minutes to save]
        """),
    "text_to_binary": lines("""
        Spell "{text}" in 0s and 1s
        I'd like to see "{text}" the way a computer stores it, bit by bit
        "{text}" in base 2
        Transform the letters of "{text}" to 8-bit groups
        ascii to bits "{text}"
        Render "{text}" using just the digits 0 and 1
        Which pattern of 0 and 1 stands for "{text}"?
        A nerdy tattoo: "{text}" as a row of 0s and 1s
        Change "{text}" into its bit string
        Display each character of "{text}" as a byte of eight bits
        bin("{text}")
        Make a binary message out of "{text}"
        Output "{text}" as a bit sequence
        How would a robot write "{text}" in ones and zeros?
        Produce the bit pattern for the string "{text}"
        What's the machine-level bit notation of "{text}"?
        Rewrite the phrase "{text}" so that only 0 and 1 remain
        Supply the binary equivalent to "{text}"
        Get me "{text}" in bits
        For computer class I must put "{text}" down in the binary system
        Map every letter of "{text}" onto its binary number
        Is there a binary spelling of "{text}"? Show it
        txt2bin "{text}"
        Dump "{text}" bitwise
        Secret note for a geek: put "{text}" into binary
        Transcribe "{text}" from letters to zeroes and ones
        Could I get "{text}" in computer language, zeros and ones I mean?
        Take the characters of "{text}" and list their bits
        Let's see "{text}" as 01 code
        Generate base-two code from the string "{text}"
        """),
    "drop_table": lines("""
        Erase {table}, structure and rows, from the database[, {cascade}]
        The table {table} can be scrapped[, {cascade}]
        Is {table} still a table in our database? It shouldn't be, drop it[ {cascade}]
        Purge the SQL table {table}[, {cascade}]
        Eliminate {table} from the schema[, {cascade}]
        {table} was just a test table, bin it[ {cascade}]
        Discard the complete table {table}[, {cascade}]
        Issue a DROP for {table}[, {cascade}]
        The schema must no longer contain the table {table}[; do it {cascade}]
        Tear down the database table {table}[ {cascade}]
        pls drop tbl {table}[ {cascade}]
        I regret having created the table {table}. Undo that by dropping it[ {cascade}]
        Make the SQL table {table} disappear[, {cascade}]
        db cleanup: table {table} goes[, {cascade}]
        Could the table {table} be taken off our database server[, {cascade}]?
        Dispose of table {table}, rows and columns alike[, {cascade}]
        Free up database space by deleting the table {table}[ {cascade}]
        After the migration {table} is a leftover table; ditch it[ {cascade}]
        Say goodbye to the table {table}[, {cascade}]
        Go nuke {table}, a table nobody will miss[, {cascade}]
        Not one column of the table {table} should survive[, {cascade}]
        Run the SQL that drops {table}[ {cascade}]
        Trash {table}, I mean the database table[, {cascade}]
        Permanently delete the relation {table} in Postgres[, {cascade}]
        Why do we still keep the table {table}? Drop the thing[ {cascade}]
        Clean the schema of the unused table {table}[, {cascade}]
        Both the definition and the contents of the table {table} are to be deleted[, {cascade}]
        sql: rm table {table}[ {cascade}]
        The table named {table} is superfluous, strike it from the database[ {cascade}]
        """),
    "install_updates": lines("""
        Bring the OS up to date with {kind} fixes[, {reboot}]
        Roll out {kind} OS patches[, {reboot}]
        apt upgrade {kind}[, {reboot}]
        Fetch {kind} operating system patches and put them in place[, {reboot}]
        I haven't updated this PC in months, do the {kind} ones[ {reboot}]
        Are {kind} patches available for my OS? Then install them[, {reboot}]
        Windows keeps nagging about {kind} updates, go ahead with them[ {reboot}]
        Carry out an OS upgrade limited to: {kind}[; proceed {reboot}]
        Refresh my laptop's system software, category {kind}[, {reboot}]
        The notification says {kind} updates are waiting. Accept[, {reboot}]
        Perform system maintenance: {kind} patches[, {reboot}]
        Load the newest {kind} updates for the OS[, {reboot}]
        Which OS updates? The category {kind}. Install now[, {reboot}]
        updates pls, type {kind}[, {reboot}]
        This workstation runs an outdated system; bring in {kind} updates[, {reboot}]
        Set {kind} updates going on my PC[, {reboot}]
        Proceed with the operating system patch round, {kind}[, {reboot}]
        dnf update kind={kind}[ {reboot}]
        Don't leave my OS behind the times: {kind} updates, please[, {reboot}]
        Deploy {kind} updates on this box[, {reboot}]
        IT demands that my laptop has {kind} updates, take care of it[ {reboot}]
        Modernize the OS by means of {kind} updates[, {reboot}]
        Could my PC receive {kind} updates tonight[, {reboot}]?
        Check for {kind} operating system updates and set them up[, {reboot}]
        For the OS I'd choose {kind} updates; put them on[, {reboot}]
        Let's get Linux patched, scope {kind}[, {reboot}]
        Make my system current in terms of {kind} updates[, {reboot}]
        Implement outstanding {kind} patches on the computer[, {reboot}]
        Trigger the OS updater for {kind}[, {reboot}]
        Time for system updates, {kind} to be exact[, {reboot}]
        """),
    "benchmark_function": lines("""
        Clock the function {function}[ across {runs} runs]
        Put a stopwatch on {function}[, {runs} rounds]
        How speedy is {function} in practice[, judging from {runs} executions]?
        Execute {function}[ {runs} times] and report the elapsed time
        I suspect {function} is our bottleneck; get numbers on its duration[ from {runs} runs]
        Average latency of {function}[ over {runs} invocations]
        What's the execution time for {function}[, taking the mean of {runs} runs]?
        perf {function}[ n={runs}]
        Did my optimization make {function} quicker? Time it[ using {runs} iterations]
        Evaluate the runtime of {function}[ with {runs} iterations]
        Gauge the speed of {function}[ through {runs} trials]
        Race {function} against the clock[ {runs} times]
        Collect timing statistics for the function {function}[, sample size {runs}]
        Seconds per call of {function}[, repeated {runs} times]?
        Is {function} efficient enough[? Try {runs} executions]
        Work out the duration of {function}[, number of loops {runs}]
        Users say {function} is sluggish. Quantify that with a timing[ of {runs} calls]
        Determine how much time gets spent inside {function}[ in the course of {runs} runs]
        Microbenchmark for {function}[, {runs} iterations]
        See how rapidly {function} completes[ when executed {runs} times]
        Run {function} in a timing loop[ of {runs} passes]
        Could you check whether {function} finishes fast[, looping {runs} times]?
        Record the wall time of {function}[, {runs} samples]
        python -m timeit[ -n {runs}] {function}
        Performance figures wanted: function {function}[, {runs} measurements]
        How many calls per second can {function} handle[? Base it on {runs} runs]
        Let me learn how costly the function {function} is in time[, {runs} attempts]
        Stress {function}[ with {runs} consecutive calls] to learn its speed
        My code lags since I added {function}; how long until it returns[, on {runs} tries]?
        speed {function}[, reps {runs}]
        """),
    "get_http_headers": lines("""
        HEAD {url}
        Retrieve just the metadata that comes with the HTTP response from {url}
        What content type and caching headers does {url} deliver?
        Skip the body, show the header lines of {url}
        Which server software does {url} announce in its header fields?
        Inspect the HTTP header section of {url}
        Is there a Cache-Control header on {url}? Dump them all
        I'm debugging CORS, so let me see the headers of {url}
        hdrs for {url} pls
        Query {url} and output the header fields only
        Look at the header block {url} replies with
        Without downloading the page, find out what {url} puts into its headers
        Pull the response header fields off {url}
        wget -S --spider {url}
        What are the Content-Type, Server and other header values at {url}?
        Does {url} set a cookie? Display its response headers
        Obtain the HTTP header list of the address {url}
        Ask the web server behind {url} for its headers
        Contact {url} and hand me whatever headers come in
        Go to {url} and copy down the response headers
        Any security headers on {url}? Let me view them
        Header dump: {url}
        I'm curious about the response headers from the site {url}
        Send {url} a request and report header names with values
        Examine how {url} responds, headers only
        When somebody opens {url}, which HTTP header fields arrive?
        Reveal the HTTP headers served under {url}
        The proxy acts strange, so grab the headers that {url} emits
        Can you peek at the headers of the web address {url}?
        Provide all header entries in the answer from {url}
        """),
}
