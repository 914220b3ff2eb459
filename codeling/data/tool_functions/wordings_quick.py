"""More ways to ask for the two dozen functions of the profile ``quick``; see ``wordings`` for what they are for."""

from __future__ import annotations

from codeling.data.tool_functions.spec import lines

WORDINGS: dict[str, tuple[str, ...]] = {
    "add_type_hints": lines("""
        Set the type of {parameter} in {function} to {type}
        Declare {parameter} as {type} in the signature of {function}
        Write {type} as the annotation of {parameter} in {function}
        {parameter} of {function} is a {type}, please add the hint
        In the signature of {function}, {parameter} should be declared as {type}
        {function} has an untyped parameter {parameter}. It is a {type}
        Give {function} a hint: {parameter} is {type}
        annotate {function} {parameter} {type}
        {parameter} in {function} makes the type checker complain; it should be {type}
        mypy does not know that {parameter} of {function} is {type}, tell it
        Could you annotate {parameter} in {function} with {type}?
        I'd like a type hint on {parameter} of the function {function}, namely {type}
        Let the parameter {parameter} in {function} have the type {type}
        Update {function} so that its argument {parameter} has type {type}
        Put : {type} behind {parameter} in {function}
        For {function}, type {parameter} as {type}
        Can {parameter} in {function} get an annotation of {type}?
        Would you specify that {function} takes {parameter} as {type}?
        Missing type hint: {parameter} in {function}, it is {type}
        Use {type} as the type of {parameter} in the function {function}
        The function {function} needs a type for {parameter}: {type}
        Make the argument {parameter} of {function} typed as {type}
    """),
    "pad_text": lines("""
        Make the text "{text}" {width} characters wide with spaces[ on the {side}]
        Widen "{text}" to {width} columns with blanks[, {side} side]
        Can you pad "{text}" so that it has {width} characters[, on the {side}]?
        Use spaces to bring "{text}" to {width} characters[ ({side})]
        Put blanks around "{text}" until the width is {width}[; side {side}]
        I want "{text}" to fill {width} columns, add spaces[ on the {side}]
        Extend "{text}" with blanks to a total of {width} characters[, on the {side} side]
        "{text}" should be {width} characters wide, pad it[ {side}]
        Pad "{text}", width {width}[, {side}]
        Space out "{text}" to {width} columns[, spaces {side}]
        My column is {width} wide: pad "{text}" to fit[, {side} side]
        Lengthen "{text}" with spaces so that it measures {width}[, padding on the {side}]
        Format "{text}" as a field of width {width}[, padded {side}]
        Insert as many spaces as "{text}" needs for a width of {width}[ (side: {side})]
        Align "{text}" in a column of {width} characters[ by padding {side}]
        Let "{text}" take up {width} columns by adding blanks[ to the {side}]
        Would you pad the string "{text}" to length {width}[ on its {side} side]?
        spaces for "{text}", total {width}[, {side}]
        The string "{text}" is too narrow, pad it to {width}[ at the {side}]
        Could you add blanks to "{text}"? The width must be {width}[, side {side}]
        Give me "{text}" with padding, {width} characters in all[, {side} side]
    """),
    "check_vulnerabilities": lines("""
        Is it safe to use {package} {version}[ as to {severity} problems]?
        Look for known security holes in {package} {version}[ of at least {severity} severity]
        Security check for {package} {version}[, {severity} and up]
        Does {package} in version {version} have any CVE[ rated {severity} or higher]?
        I use {package} {version}. Are there security issues[, {severity} or worse]?
        Tell me whether {package} {version} is affected by vulnerabilities[ of severity {severity} at least]
        audit {package}=={version}[ --severity {severity}]
        Has anybody reported security bugs in {package} {version}[, {severity} ones or worse]?
        Look up the advisories on {package} {version}[ from {severity} on]
        Check the security of the package {package}, version {version}[, minimum {severity}]
        Which vulnerabilities does {package} {version} have[ with severity {severity} or more]?
        Could there be an exploit for {package} {version}[, {severity} or above]?
        Before I install {package} {version}, check it for vulnerabilities[ of {severity} severity and up]
        Search the vulnerability database for {package} {version}[, lowest severity {severity}]
        Are we exposed by using {package} {version}[? Only {severity} and higher]
        Run a security audit on {package} {version}[, reporting {severity} and above]
        Is version {version} of {package} known to be insecure[ at {severity} level]?
        I worry about the security of {package} {version}, please check[ from severity {severity}]
        cve {package} {version}[ {severity}]
        See if {package} {version} is on a list of vulnerable packages[, {severity} or worse]
        Inspect {package} at {version} for known flaws in security[, severity {severity} or higher]
        Can attackers break {package} {version}[? Report {severity} issues or worse]
    """),
    "cancel_booking": lines("""
        I'd like to cancel my booking {booking}[ {refund}]
        Can you cancel the trip with booking code {booking}[, {refund}]?
        Cancel the reservation {booking}[ {refund}]
        Call the booking {booking} off[ {refund}]
        My trip {booking} will not happen, cancel it[ {refund}]
        Undo the reservation with the number {booking}[ {refund}]
        booking {booking}: cancel[ {refund}]
        I'm ill and can't fly. Cancel booking {booking}[ {refund}]
        Please withdraw my travel booking {booking}[ {refund}]
        Remove my reservation {booking}[ {refund}]
        I no longer want to travel; please cancel {booking}[ {refund}]
        We changed our minds about the trip {booking}, cancel[ {refund}]
        Would you cancel my flight, the booking code is {booking}[, {refund}]?
        Get me out of the booking {booking}[ {refund}]
        Stop the reservation {booking}[ {refund}]
        The journey with the code {booking} should be cancelled[ {refund}]
        Cancellation of booking {booking}, please[ {refund}]
        The hotel reservation {booking} is not needed, cancel it[ {refund}]
        Take back my booking {booking}[ {refund}]
        Abandon the trip {booking}[ {refund}]
        I have to give up the journey {booking}[, {refund}]
        Can I still cancel the ticket {booking}[ {refund}]? Then do so
    """),
    "shuffle_list": lines("""
        Shuffle these for me: {items}
        Bring {items} into a random order
        Please mix the list {items}
        Randomly order {items}
        Can you shuffle the list {items}?
        Reorder {items} at random
        random order: {items}
        Rearrange {items} randomly
        Scramble the order of {items}
        I want {items} in any random order
        Mix {items} like a deck of cards
        Let chance decide the order of {items}
        Draw lots for the order of {items}
        In what order do {items} play? Shuffle them
        Make a random sequence from {items}
        Would you randomize the order of {items}?
        Sort {items} randomly
        Here is a list, shuffle it: {items}
        {items} - mix them up please
        The order of {items} should be random
        Toss {items} into a new random order
        Give me a random permutation of {items}
    """),
    "are_anagrams": lines("""
        From {first}, can one make the anagram {second}?
        Are the words {first} and {second} anagrams of each other?
        Are {first} and {second} made of the same letters?
        Does {first} contain exactly the letters of {second}?
        anagram? {first} {second}
        See whether {first} and {second} are anagrams
        If I rearrange {first}, can I get {second}?
        Find out if {first} is an anagram of {second}
        Can {first} be turned into {second} by moving its letters around?
        Is {second} just {first} with its letters mixed up?
        Compare the letters of {first} and {second}: is it an anagram?
        Would you call {first} and {second} anagrams?
        Verify that {first} is an anagram of {second}
        I think {first} and {second} are anagrams, am I right?
        Do the letters in {first} spell {second}?
        Anagram check for {first} and {second}
        Can one spell {second} with all letters of {first}?
        Do {first} and {second} use the same letters in another order?
        Can I write {second} with the letters of {first}?
        {first} and {second}: anagrams or not?
        Could {first} be an anagram for {second}?
        Let me know whether {first} and {second} are an anagram pair
    """),
    "create_event": lines("""
        Make a calendar entry for {title} {day} at {time}[, {minutes} minutes]
        Plan {title} {day}, {time}[, for {minutes} minutes]
        Create a calendar event: {title}, {day} at {time}[, {minutes} minutes]
        Set up {title} in my calendar {day} at {time}[ for {minutes} minutes]
        Note in my calendar: {title} {day} at {time}[, duration {minutes} minutes]
        I'm meeting for {title} {day} at {time}[ ({minutes} minutes)], add it to the calendar
        Block my calendar {day} at {time} for {title}[, {minutes} minutes]
        Please schedule {title} {day} at {time}[ for a duration of {minutes} minutes]
        event {title} {day} {time}[ {minutes}min]
        Remember {title} {day} at {time}[ for {minutes} minutes] as an appointment
        Could you add an appointment {day} at {time}: {title}[, {minutes} minutes]?
        Put an entry for {title} on my calendar, {day} at {time}[, length {minutes} minutes]
        {day} at {time} I have {title}[ for {minutes} minutes]. Put it in the calendar
        Add the event {title}, {day}, {time}[, {minutes} minutes]
        Book {title} into my calendar {day} at {time}[, taking {minutes} minutes]
        Save the date: {title} {day} at {time}[, {minutes} minutes]
        Calendar entry please: {title}, {time}, {day}[, {minutes} minutes long]
        My agenda needs {title} {day} at {time}[ with a length of {minutes} minutes]
        Reserve {time} {day} in my calendar for {title}[, {minutes} minutes]
        Write {title} into my diary {day} at {time}[ for {minutes} minutes]
        There is {title} {day} at {time}[, about {minutes} minutes], schedule it
        Would you create an appointment for {title} {day} at {time}[? It lasts {minutes} minutes]
    """),
    "return_item": lines("""
        Send the {product} from order {order} back[ since it is {reason}]
        I'd like to return the {product}, order number {order}[, because it is {reason}]
        Can I return the {product} of my order {order}[? It is {reason}]
        With order {order} came the {product}, return it[, it was {reason}]
        The {product} in order {order} must be returned[, reason: {reason}]
        Please arrange the return of the {product} from order {order}[ for being {reason}]
        Order {order}: the {product} goes back[, {reason}]
        I don't want to keep the {product} from order {order}[, it's {reason}]
        I ordered the {product} with {order} and want to return it[ as it is {reason}]
        return request: {product} in {order}[, {reason}]
        Register a return for order {order}, product {product}[, {reason}]
        How do I send the {product} of order {order} back? Start the return[, reason {reason}]
        The {product} I got with order {order} is not what I want, return it[: {reason}]
        Take the {product} back, it was in order {order}[; it is {reason}]
        My {product} from order {order} has to be returned[ because it's {reason}]
        Set up a return for the {product}, order {order}[, since it is {reason}]
        Let me return one product, the {product} of order {order}[ ({reason})]
        The shop should take back the {product} from order {order}[, it arrived {reason}]
        The {product} in order {order}: I changed my mind, send it back[, reason: {reason}]
        Give the {product} from order {order} back to the shop[ as {reason}]
        I want my money back for order {order}, the {product}[, it is {reason}]
        Refund wanted: {product} from order {order}[ was {reason}]
    """),
    "git_reset": lines("""
        Reset the branch to {commit}[, mode {mode}]
        Set the branch back to commit {commit}[ ({mode})]
        Throw away everything after commit {commit}[ with a {mode} reset]
        Go back to the commit {commit}[ by a {mode} reset]
        reset {commit}[ {mode}]
        Make {commit} the tip of the branch again[, {mode} reset]
        I want the branch to be at {commit}[, {mode} mode]
        Put HEAD on {commit}[ using a {mode} reset]
        Rewind the branch to {commit}[, {mode}]
        Move HEAD back to {commit}[, reset mode {mode}]
        Could you do a git reset to {commit}[ with mode {mode}]?
        Return the branch to the state of {commit}[ ({mode} reset)]
        Set HEAD to commit {commit}[ with a {mode} reset]
        The branch should be reset to {commit}[, {mode} please]
        Forget the commits since {commit}[, {mode} reset]
        Bring the branch back to where it was at {commit}[ in {mode} mode]
        Please go back in history to {commit} with git reset[, {mode}]
        My latest commits are wrong, reset to {commit}[ ({mode} mode)]
        Let HEAD be {commit}[ after a {mode} reset]
        Use git reset to get to {commit}[, {mode}]
        Discard the commits that came after {commit}[ with reset mode {mode}]
        Would you move the branch pointer to {commit}[, {mode} reset]?
    """),
    "kill_by_name": lines("""
        Stop all {name} processes
        End every {name} process
        pkill {name}
        Terminate everything called {name}
        Quit all running copies of {name}
        {name} hangs, kill all of its processes
        Kill every process of the program {name}
        Get rid of all {name} processes
        Force all instances of {name} to quit
        Please kill {name}, every one of them
        Could you stop all the processes with the name {name}?
        All processes named {name} must be killed
        The {name} processes should end, all of them
        Make all {name} processes stop
        I'd like you to kill whatever is called {name}
        Close all {name} programs
        Terminate the program {name} wherever it runs
        No more {name}: end all its processes
        Find all the {name} processes and kill them
        Quit every {name} that is running
        My computer is slow because of {name}, stop all its processes
        Would you end all running {name} instances?
    """),
    "country_population": lines("""
        How big is the population of {country}[ in {year}]?
        Number of people living in {country}[ in {year}]
        What population does {country} have[ in {year}]?
        Look up how many people {country} has[ as of {year}]
        How many people were there in {country}[ in {year}]?
        Give me the population figure for {country}[, {year}]
        I need to know the population of {country}[ in {year}]
        {country}: how many inhabitants[ in {year}]?
        Could you find the population of {country}[ for the year {year}]?
        inhabitants {country}[ {year}]
        How many residents does {country} have[ in {year}]?
        Please tell me how many people live in {country}[ (year {year})]
        Say how populated {country} is[ for {year}]
        By how many people is {country} inhabited[ in {year}]?
        Show the population of {country}[ for {year}]
        What number of inhabitants has {country}[, in {year}]?
        How many citizens live in {country}[ in {year}]?
        I wonder how many people {country} has[, in {year}]
        Find the number of citizens of {country}[ in {year}]
        Does {country} have a large population[ in {year}]?
        Is {country} a country with many people[, say in {year}]?
        Population size of {country}[ in {year}], please
    """),
    "extract_keywords": lines("""
        Get the[ {count}] most important words from "{text}"
        List[ {count}] keywords of the text "{text}"
        Find[ {count}] keywords in "{text}"
        Which[ {count}] words are the keywords of "{text}"?
        Name[ {count}] keywords for "{text}"
        Pull[ {count}] key terms out of "{text}"
        Give the main words of "{text}"[, {count} of them]
        Show me the key words in "{text}"[, up to {count}]
        What are the main terms in "{text}"[? I want {count}]
        Choose[ {count}] keywords from the text "{text}"
        extract keywords "{text}"[ {count}]
        Summarize "{text}" by[ {count}] keywords
        Take the[ {count}] central words from "{text}"
        Could you pick the[ {count}] key terms of "{text}"?
        Determine[ {count}] keywords for this text: "{text}"
        For my index I need[ {count}] keywords of "{text}"
        Read "{text}" and list[ {count}] keywords
        Let me have the[ {count}] most relevant terms from "{text}"
        The essential words of "{text}", please[, {count} words]
        Label "{text}" with[ {count}] key words
        What words matter the most in "{text}"[? Give {count}]
        Which are the important terms in "{text}"[ ({count} at most)]?
    """),
    "write_review": lines("""
        I give the {product} {stars} stars[, with the comment "{comment}"]
        Write a review: {product}, {stars} stars[, "{comment}"]
        Review the {product} with {stars} of five stars[ and say "{comment}"]
        Submit a rating of {stars} stars for the {product}[ with the comment "{comment}"]
        Please rate my {product}: {stars} stars[, comment: "{comment}"]
        Add my review of the {product}, {stars} stars[ and the text "{comment}"]
        Could you post a review of the {product} with {stars} stars[ that says "{comment}"]?
        I would rate the {product} at {stars} stars[; my comment is "{comment}"]
        rating {product} {stars}[ "{comment}"]
        Publish a {stars} star rating of the {product}[, commenting "{comment}"]
        I bought the {product} and rate it with {stars} stars[, "{comment}"]
        The {product} gets {stars} stars from me[ with "{comment}" as comment]
        Let me review the {product}: {stars} stars[, text "{comment}"]
        My opinion of the {product}: {stars} stars[ and "{comment}"]
        Put {stars} stars on the {product}[, adding "{comment}"]
        Evaluate the {product} with {stars} stars[ and the remark "{comment}"]
        Share my review, {stars} stars for the {product}[: "{comment}"]
        {product}: {stars} out of 5 stars[, "{comment}"]
        Would you rate the {product} {stars} stars for me[ and comment "{comment}"]?
        Score the {product} with {stars} stars[, remarking "{comment}"]
        A review with {stars} stars goes to the {product}[; write "{comment}"]
    """),
    "count_items": lines("""
        Count each kind in {items}
        How many of each are there in {items}?
        Count the entries of {items} one by one
        How often does every value appear in {items}?
        Count the different items: {items}
        For each item of {items}, how many times does it come up?
        Please count how many times each occurs: {items}
        frequencies of {items}
        What is the count of each item in {items}?
        Here are the answers: {items}. Tally them up
        We voted {items}. Count the votes
        I have {items}; how many are there of every kind?
        Can you tally these entries: {items}?
        Do a count of every different item in {items}
        Work out how often each entry shows up in {items}
        The list is {items}. Count every item
        How frequent is each value of {items}?
        Sum up the list {items} by counting each item
        Count up the results {items}
        tally: {items}
        Let me know how many times each entry occurs in {items}
        Which item occurs how often in {items}?
    """),
    "solve_linear": lines("""
        {a}x + {b} = {c}, solve for x
        Solve this equation: {a}x + {b} = {c}
        What must x be so that {a}x + {b} = {c}?
        Compute x from {a}x + {b} = {c}
        Find the x with {a}x + {b} = {c}
        x = ? when {a}x + {b} = {c}
        If {a} x + {b} is {c}, what is x?
        Give me the solution of {a}x + {b} = {c}
        Can you solve {a}x + {b} = {c}?
        Which value of x solves {a}x + {b} = {c}?
        The equation is {a}x + {b} = {c}. What is x?
        Help me with the equation {a}x + {b} = {c}
        Determine x in {a}*x + {b} = {c}
        My homework: find x in {a}x + {b} = {c}
        solve {a}*x+{b}={c}
        How do I get x out of {a}x + {b} = {c}?
        When {a} times x and {b} make {c}, what is x?
        Multiply x by {a} and add {b} to get {c}: what is x?
        Please work out x: {a}x + {b} = {c}
        I need the value of x in {a}x + {b} = {c}
        What solves the equation {a}x + {b} = {c}?
        Calculate the unknown x in {a}x + {b} = {c}
    """),
    "book_details": lines("""
        Who is the author of "{title}"?
        Tell me about the book "{title}"
        Information please: the book "{title}"
        Which author wrote "{title}"?
        In which year did the book "{title}" come out?
        How long is the book "{title}"?
        When did the author write the book "{title}"?
        Find the book "{title}"
        I'm reading "{title}". How many pages has this book?
        Who wrote {title}?
        details of the book {title}
        The novel "{title}", what do you know about it?
        Look up author and pages of "{title}"
        The book {title} interests me, tell me more
        Could you look up the novel "{title}"?
        The book is called "{title}". Who wrote it and when?
        How old is the book "{title}"?
        Show me book details: "{title}"
        By whom is the book {title}?
        My teacher mentioned the novel {title}. Who is its author?
        Number of pages, please: the book "{title}"
        Search for the book titled "{title}"
    """),
    "chat_message": lines("""
        Send a message to {contact}: "{message}"
        Send {contact} a chat message, "{message}"
        Please tell {contact}: {message}
        Write to {contact}: {message}
        Text {contact} "{message}"
        Can you message {contact} "{message}"?
        Say "{message}" to {contact}
        message to {contact}: {message}
        Chat with {contact} and say "{message}"
        I want to tell {contact} "{message}"
        Drop {contact} a line: "{message}"
        {contact} should know: "{message}"
        Could you write {contact} "{message}"?
        Send "{message}" over to {contact}
        Please pass on to {contact}: "{message}"
        Tell my friend {contact} the following: {message}
        Let {contact} have this message: "{message}"
        Reply to {contact} with "{message}"
        Post "{message}" in the chat with {contact}
        Would you send {contact} a message saying "{message}"?
        Inform {contact}: "{message}"
        Give {contact} this message from me: "{message}"
    """),
    "git_diff_branches": lines("""
        Show the changes from the branch {base} to the branch {head}
        Against the base {base}, how does the branch {head} look?
        Diff {base} against {head}
        git diff {base} {head}
        Compare {base} to {head} in git
        What are the differences between branch {base} and branch {head}?
        Which changes lie between {base} and {head}?
        Difference of the branches {base} and {head}, please
        Show me how the branches {base} and {head} differ
        Give me a diff of {base} and {head}
        List the differences from {base} to {head} in the repository
        In git, what is different between {base} and {head}?
        branch diff {base} {head}
        Could you compare the git branches {base} and {head}?
        I want to see the diff between {base} and {head}
        From {base} to {head}: which lines changed in git?
        Take the branches {base} and {head} and show what differs
        Before merging, show the diff of {base} and {head}
        What would change from the branch {base} to {head}?
        Print the git diff that leads from {base} to {head}
        Do the branches {base} and {head} differ, and how?
        Tell me what has changed from {base} to the branch {head}
    """),
    "reboot_machine": lines("""
        Restart {host}[ in {minutes} minutes]
        Reboot the machine {host}[ after {minutes} minutes]
        Please restart the server {host}[ in {minutes} minutes]
        Can you reboot {host}[ after a delay of {minutes} minutes]?
        The server {host} must be restarted[ in {minutes} minutes]
        Turn {host} off and on again[ in {minutes} minutes]
        restart {host}[ {minutes}min]
        Make the machine {host} reboot[ with a delay of {minutes} minutes]
        {host} hangs, reboot it[ {minutes} minutes from now]
        Plan a reboot of the machine {host}[ in {minutes} minutes]
        Let {host} restart[, waiting {minutes} minutes]
        Boot {host} anew[ in {minutes} minutes]
        I'd like you to reboot the host {host}[ after {minutes} minutes]
        The computer {host} has to restart[, delay {minutes} minutes]
        Start a reboot on {host}[ in {minutes} minutes]
        Would you restart the machine {host}[, {minutes} minutes from now]?
        shutdown -r {host}[ +{minutes}]
        The host {host} is stuck. Restart it[ in {minutes} minutes]
        New kernel on {host}, so please reboot[ after {minutes} minutes]
        Do a restart of the server {host}[ in {minutes} minutes]
        Have the machine {host} rebooted[ {minutes} minutes later]
        Reboot, please: {host}[, with {minutes} minutes to wait]
    """),
    "text_to_binary": lines("""
        Convert "{text}" to binary
        Give me the binary form of "{text}"
        Translate "{text}" into binary code
        What does "{text}" look like in binary?
        Encode "{text}" in binary digits
        How is "{text}" written in zeros and ones?
        Which bits make up "{text}"?
        binary: "{text}"
        Turn "{text}" into bits
        Could you write "{text}" with zeros and ones?
        Show "{text}" in binary digits
        I need the binary digits of "{text}"
        "{text}" as binary, please
        Express "{text}" in bits
        Represent "{text}" as zeros and ones
        How do I say "{text}" in binary code?
        Print the binary representation of "{text}"
        The text "{text}" should be converted to binary
        What are the ones and zeros for "{text}"?
        to binary "{text}"
        Tell me the bits of the text "{text}"
        Would you encode the text "{text}" as binary?
    """),
    "drop_table": lines("""
        Remove the table {table} completely[, {cascade}]
        Drop {table} from the database[ {cascade}]
        Delete table {table}[ {cascade}]
        The database table {table} should be deleted[ {cascade}]
        DROP TABLE {table};[ {cascade}]
        Can you delete the table {table} with all its data[, {cascade}]?
        Throw the table {table} away[ {cascade}]
        I no longer need the table {table}. Drop it[ {cascade}]
        Take the table {table} out of the database[, {cascade}]
        Please drop the entire table {table}[ {cascade}]
        Destroy the database table {table}[ {cascade}]
        Let the table {table} be dropped[ {cascade}]
        Wipe out the table {table}[ {cascade}]
        Table {table} is obsolete, remove it[ {cascade}]
        Would you remove {table}, the entire table[, {cascade}]?
        The old table {table} must go[ {cascade}]
        We can delete the table {table}[ {cascade}]
        Kick the table {table} out of our database[, {cascade}]
        I'd like the table {table} dropped[ {cascade}]
        Nobody uses the table {table}, delete it[ {cascade}]
        The table {table} should be cleared out of the database[ {cascade}]
        In the database, drop the table called {table}[ {cascade}]
    """),
    "install_updates": lines("""
        Update the operating system: {kind}[, {reboot}]
        Install the {kind} updates[, {reboot}]
        Apply {kind} system updates[, {reboot}]
        Download and install {kind} updates for this system[, {reboot}]
        Please update the system with {kind} updates[ {reboot}]
        Could you run the {kind} updates of the OS[, {reboot}]?
        My system needs {kind} updates[, {reboot}]
        os update {kind}[ {reboot}]
        Let the computer install {kind} updates[, {reboot}]
        I want {kind} updates to be installed on this machine[, {reboot}]
        Get the {kind} updates onto this computer[, {reboot}]
        Upgrade the operating system ({kind} updates)[, {reboot}]
        Is the system current? Install {kind} updates[, {reboot}]
        Start the system update, kind {kind}[, {reboot}]
        Would you patch the system with {kind} updates[, {reboot}]?
        Install pending updates of the OS: {kind}[, {reboot}]
        There are new updates, install {kind}[, {reboot}]
        Patch this computer, {kind} updates please[, {reboot}]
        The machine should have its {kind} updates installed[, {reboot}]
        upgrade system {kind}[, {reboot}]
        Make sure the {kind} updates of the operating system get installed[, {reboot}]
        Keep my computer up to date: {kind} updates[, {reboot}]
    """),
    "benchmark_function": lines("""
        Measure how fast {function} is[ over {runs} runs]
        How long does {function} take to run[, over {runs} runs]?
        Measure the run time of {function}[ with {runs} repetitions]
        Benchmark the function {function}[, {runs} runs]
        Find out how quick the function {function} is[ by running it {runs} times]
        Is the function {function} slow[? Measure {runs} runs]
        Test the performance of {function}[ with {runs} calls]
        Give me the timing of {function}[ for {runs} runs]
        timeit {function}[ {runs}]
        Could you benchmark {function}[ by calling it {runs} times]?
        I want to know the speed of {function}[ over {runs} calls]
        Do a speed test of the function {function}[, {runs} runs]
        How many milliseconds does {function} need[, averaged over {runs} runs]?
        Let {function} run[ {runs} times] and measure the time
        Profile how long {function} takes[, {runs} repetitions]
        Run a benchmark on {function}[ of {runs} runs]
        Check the speed of the function {function}[, {runs} repeats]
        What time does a call of {function} cost[ on average over {runs} runs]?
        Call {function}[ {runs} times] and take the time
        How well does {function} perform[ in {runs} runs]?
        The function {function} seems slow, benchmark it[ with {runs} runs]
        Would you time {function} for me[, {runs} runs]?
    """),
    "get_http_headers": lines("""
        Fetch the headers of {url}
        What headers does {url} return?
        Get the HTTP headers for {url}
        Give me the response headers from {url}
        Print the headers of {url}
        Tell me which HTTP headers {url} sends
        http headers {url}
        Request only the headers of {url}
        headers {url}
        Make a HEAD request to {url}
        Check the response headers at {url}
        I need the HTTP headers that {url} answers with
        Could you show me the headers for {url}?
        Which response headers does one get from {url}?
        See what headers {url} gives back
        List all headers in the response of {url}
        Find out the HTTP response headers of {url}
        Read the headers that the server sends for {url}
        What does the server at {url} say in its headers?
        Display the response headers for the URL {url}
        Would you get me the headers {url} responds with?
        Only the headers please, not the page: {url}
    """),
}
