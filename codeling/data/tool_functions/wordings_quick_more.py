"""Still more ways to ask for the first of the two dozen functions of ``quick``: other verbs, nouns and idioms; see
``wordings``."""

from __future__ import annotations

from codeling.data.tool_functions.spec import lines

WORDINGS: dict[str, tuple[str, ...]] = {
    "add_type_hints": lines("""
        Static typing: {function} accepts {parameter}, always a {type}
        Nail down {parameter} as {type} in {function}
        The linter grumbles about {parameter} lacking a {type} annotation inside {function}
        Whoever calls {function} must pass a {type} for {parameter}; reflect that in the def line
        pyright warns about {function}: {parameter} is unknown, it ought to be {type}
        Document via typing that {function} expects {type} for {parameter}
        def {function}( {parameter} : {type} ) is how it ought to read
        Attach {type} to {parameter}, an input of {function}
        typehint {type} on {parameter} pls, {function}
        Readers cannot tell that {parameter} holds a {type} when they see {function}, make it explicit
        Refactor the bare {parameter} of {function} to carry its {type} annotation
        Strict typing wanted: {type} for {parameter} within {function}
        Turn the untyped {parameter} of {function} into a {type} argument
        Only a {type} may be handed over as {parameter} to {function}, so state this in its header
        Decorate {parameter} with its datatype {type} in the definition of {function}
        What {function} receives through {parameter} is of data type {type}, note it in the code
        pep 484: {function}, {parameter}, {type}
        Our IDE offers no completion for {parameter} in {function}; tell the editor it's {type}
        Supply the absent annotation, {type}, at {parameter} of method {function}
        {type} is the proper datatype for {parameter}. Amend the header of {function}
        Assign datatype {type} to the input {parameter} of {function}
        Restrict {parameter} to {type} values in the declaration of {function}
        Correct the annotation: {function} takes a {type} called {parameter}
        Change how {function} is declared, with {parameter} becoming {type}
        Reviewer asked for typed arguments, begin with {parameter} ( {type} ) in {function}
        {function} lacks annotations. Insert {type} next to {parameter}
        Nobody knows what kind of thing {parameter} is in {function}. Spell out {type}
        Fix typing error, {function} argument {parameter} isn't declared {type} yet
        Introduce typing into {function}, starting from {parameter} being {type}
        Expected kind of value for {parameter} when invoking {function}: {type}. Hint it
    """),
    "pad_text": lines("""
        Stretch "{text}" to {width} chars using whitespace[, {side} side only]
        Stuff whitespace onto "{text}" till its length reaches {width}[ ({side} end)]
        Whitespace filler for "{text}", target length {width}[, going {side}]
        How would "{text}" look if whitespace grew it to {width} chars[, filler at {side}]?
        "{text}" is short. Bulk it up with empty space to exactly {width}[, {side}]
        ljust or rjust "{text}" , {width}[ , {side}]
        Justify "{text}" within {width} positions[, gap on the {side}]
        Append or prepend spaces, "{text}" has to occupy {width} cells[; {side} is where they go]
        For my fixed-width file, expand "{text}" to {width} places[ with filler {side}]
        A label of {width} chars is expected, yet "{text}" falls short; top it up with spaces[ {side}]
        Print layout: field size {width}, content "{text}"[, free room {side}]
        Blow "{text}" up to {width} letters by means of whitespace[ on its {side}]
        Complete "{text}" with empty characters, {width} overall[, {side} edge]
        My table cell holds {width} characters; surround "{text}" with whitespace accordingly[, {side}]
        Leave some blank room next to "{text}" such that it spans {width}[, {side} please]
        Total length wanted: {width}. Text: "{text}". Filler: space[. Where: {side}]
        The receipt printer expects {width} characters per line, so bring "{text}" up with blanks[ {side}]
        Add leading or trailing whitespace to "{text}", aiming at {width}[, namely {side}]
        Grow "{text}" by spacebar characters, stop once {width} is reached[, extending {side}]
        rpad lpad {width} "{text}"[ {side}]
        Adjust "{text}" to a fixed width, that is {width}[, blank area {side}]
        Set "{text}" in a box {width} characters across, remainder empty[ at {side}]
        I'm missing spaces: "{text}" ought to count {width} characters[, filled from the {side}]
        Round "{text}" out with blanks, final size {width}[, direction {side}]
        Tabular output: "{text}" across {width} slots, rest whitespace[ on the {side} hand]
        Elongate "{text}" to {width} by inserting blank characters[ at its {side} end]
        Hit the spacebar for me until "{text}" spans {width} characters[, {side}]
        Reach {width} characters starting from "{text}", whitespace only[, {side} of it]
        Every row must be {width} long, "{text}" included; equip it with padding[ {side}]
        Apply padding of blanks on "{text}", resulting size {width}[, placed {side}]
    """),
    "check_vulnerabilities": lines("""
        Any holes in {package} {version} I ought to hear about[, {severity} or beyond]?
        Did someone find a backdoor or weakness in {package} {version}[, {severity} upwards]?
        Has {package} been compromised at release {version}[? Threshold: {severity}]
        Our pentester frowned at {package} {version}, which weaknesses are published[ from {severity} upwards]?
        Threat report on {package} {version}[, ignoring anything beneath {severity}]
        Consult the CVE list regarding {package} {version}[, cutoff {severity}]
        How risky is it to depend on {package} {version}[, counting {severity} threats and up]?
        pip-audit {package} {version}[ min {severity}]
        Dependency {package} pinned at {version}: hackable[ with {severity} impact]?
        vuln scan {package} {version}[ >= {severity}]
        Could hackers abuse {package} {version}[ through something {severity} or graver]?
        Is release {version} of {package} trustworthy or full of security leaks[, {severity} at minimum]?
        Do a safety inspection of dependency {package}, release {version}[, {severity} risk and above]
        Compliance demands a vulnerability statement about {package} {version}[, starting with {severity}]
        List whatever weaknesses were disclosed against {package} {version}[ and score {severity} or more]
        We ship {package} {version}; would a security officer object[ over {severity} findings]?
        Heard rumours of a zero-day in {package} {version}, true[? Just {severity} and worse]
        Query OSV about {package} @ {version}[, filter {severity}]
        Assess {package} {version} from a cyber security standpoint[, {severity} upward]
        Are there unpatched dangers lurking in library {package}, release {version}[, {severity} class]?
        Vet the dependency {package} {version} against published exploits[, sensitivity {severity}]
        Should I be afraid of {package} {version}[ given {severity} threats or greater]?
        npm audit says nothing of {package} {version}; ask the CVE catalogue[ for {severity} and over]
        Safe or dangerous, {package} in release {version}[, judged by {severity} hazards]?
        Malicious people might attack us via {package} {version}. Anything reported[ as {severity} or up]?
        Identify exploitable bugs of library {package} at release {version}[, not below {severity}]
        Is there a patch warning out for {package} {version}[ graded {severity} or beyond]?
        Snyk-style report, please: {package}, {version}[, {severity}]
        Make sure {package} {version} carries no known weakness[ that ranks {severity} or higher]
        What's the security record of {package} {version}[, limited to {severity} and more serious]?
    """),
    "cancel_booking": lines("""
        Scrap my trip {booking}[ {refund}]
        Plans fell through, so drop reservation {booking}[ {refund}]
        I won't be going after all, kill the booking {booking}[ {refund}]
        Annul reservation {booking}[ {refund}]
        Something came up at work and I must stay home. Void {booking}[ {refund}]
        Release my seat, reservation {booking}[, {refund}]
        Under {booking} we had a holiday planned; it's off[, {refund}]
        Kindly rescind the reservation filed under {booking}[ {refund}]
        cxl {booking}[ {refund}]
        No vacation for us this year, revoke {booking}[ {refund}]
        Free up the room held under {booking}, we aren't coming[, {refund}]
        How can I back out of reservation {booking}[, {refund}]?
        Pull the plug on our holiday {booking}[ {refund}]
        Terminate the travel arrangement {booking}[, {refund}]
        Sadly our vacation got axed, so strike {booking} off[ {refund}]
        Wanna bail on the flight {booking}[, {refund}]
        Storno for {booking}[ {refund}]
        Tell the airline I'm not boarding, ticket {booking}[, {refund}]
        Inform the hotel that guest {booking} won't show up[, {refund}]
        Please nullify the plane tickets with reference {booking}[ {refund}]
        I booked {booking} by mistake, reverse that[ {refund}]
        The kids are sick, we can't fly with {booking}, so get rid of it[ {refund}]
        Erase reservation {booking} from my itinerary[ {refund}]
        PNR {booking} is to be voided[ {refund}]
        My boss refused my leave. Is it possible to unbook {booking}[, {refund}]?
        Unbook {booking}[ {refund}]
        Forget about our getaway {booking}, we're staying home[, {refund}]
        Travel reference {booking} has become pointless to us, discontinue it[ {refund}]
        I wish to resign from the tour {booking}[ {refund}]
        Let the travel agency know that {booking} falls through[, {refund}]
    """),
    "shuffle_list": lines("""
        Jumble {items}
        Jumble up the sequence of {items}, would you
        Roll the dice on who goes first, second and so on: {items}
        Who starts and who comes last? Decide by luck among {items}
        Stir {items} well so nobody can predict the sequence
        For fairness, line up {items} by pure luck
        I'm too predictable. Give {items} an arbitrary arrangement
        Present {items} in some arbitrary sequence
        Deal out {items} as though they were cards
        Muddle {items}
        My playlist is boring in this order, play around with it: {items}
        random.shuffle( {items} )
        Throw {items} in a hat and pull them out one after another
        No particular order, just something unpredictable for {items}
        Pick a lucky running order for {items}
        Break up the present arrangement of {items} haphazardly
        Assign turns by luck to {items}
        Permute {items} arbitrarily
        shuf {items}
        The sequence {items} looks too tidy, make it chaotic
        Rejumble the following elements: {items}
        Could fate settle the ranking of {items}?
        Generate an unbiased random arrangement out of {items}
        Flashcards should not come in the same sequence each day, so reshuffle {items}
        Presenters are {items}; determine a random speaking order
        Change round {items} without any system
        Whirl {items} about till they are all over the place
        We need a raffle style ordering of {items}
        A blind draw, please, that arranges {items} one behind another
        Disorder {items} for me, I want a surprise
    """),
    "are_anagrams": lines("""
        Is {first} a reshuffled spelling of {second}?
        Word puzzle: does {first} become {second} once its characters get swapped about?
        Scrabble tiles reading {first}, could they be relaid as {second}?
        Same characters in {first} as in {second}, merely permuted?
        I bet {second} hides inside {first}, letter for letter. True?
        sorted( {first} ) == sorted( {second} )
        Judge if {first} together with {second} forms a true anagram
        Tell whether {first} is a letter scramble of {second}
        Jumbling {first} gives {second}, right?
        Crossword hint: {first} scrambled, is that {second}?
        Do {first} plus {second} share every character, equally often?
        Would shuffling the characters within {first} ever yield {second}?
        Examine {first} against {second} for being permutations of one another
        Letter by letter, is {first} a rearrangement of {second}?
        {first} vs {second} , anagram y/n
        My daughter claims {second} is {first} in scrambled form. Does that hold?
        Prove or refute: {first} is anagrammatic with {second}
        Cut {first} into letters and lay them anew, might {second} appear?
        anagram pair {first} / {second} ?
        Is the supply of letters in {first} equal to that in {second}, count included?
        Could you confirm the wordplay {first} = {second} as an anagram
        Take apart {first}; is it possible to assemble {second} with no leftover character?
        Is the pair {first} , {second} anagrammatical?
        Using each character of {first} once, do we arrive at {second}?
        Does swapping characters transform {first} into {second}?
        Permutation question, word one {first}, word two {second}
        Riddle time: {first} and its supposed anagram {second}, correct or bogus?
        isanagram {first} {second}
        Can we shift the characters of {first} so it reads {second}?
        Do these two words consist of identical letters, {first} as well as {second}?
    """),
    "create_event": lines("""
        Pencil in {title} {day} at {time}[, {minutes} minutes]
        Get {title} onto my schedule: {day}, {time}[, going on for {minutes} minutes]
        Don't let anything else clash with {title} {day} at {time}[, it takes {minutes} minutes]
        I've been invited to {title} {day}, starting {time}[ and ending {minutes} minutes later]. Save that date
        Slot {title} in {day} around {time}[, allow {minutes} minutes]
        Mark {day} at {time} as taken by {title}[, {minutes} minutes]
        Keep {day} free from {time} on[, {minutes} minutes long], because of {title}
        Arrange {title} {day}, kickoff {time}[, planned length {minutes} minutes]
        appt {day} {time} {title}[ {minutes} m]
        We agreed on {title} {day} at {time}[, roughly {minutes} minutes]; enter this in my planner
        Organizer entry, please: {day} from {time}[ during {minutes} minutes], {title}
        Fix a date for {title}, say {day} {time}[, spanning {minutes} minutes]
        Jot down {title}, which begins {day} at {time}[ and goes {minutes} minutes]
        Expect me at {title} {day}, {time} sharp[, for {minutes} minutes], so put that on the schedule
        Is {day} {time} open? Then fill it with {title}[, {minutes} minutes]
        Log an upcoming occasion, {title}, {day}, from {time} onwards[, running {minutes} minutes]
        Google Calendar: {day} {time} {title}[ {minutes} minutes]
        Register {title} as an appointment {day} starting at {time}[, finishing after {minutes} minutes]
        ical {title} {day} {time}[ dur {minutes}]
        {title} takes place {day} at {time}[ and lasts {minutes} minutes], mark my planner
        I must not miss {title} {day}, {time}[, {minutes} minutes]. Make a date of it
        Hold {time} {day} for {title}[, set aside {minutes} minutes]
        Set aside time {day} at {time}[, {minutes} minutes], for {title}
        Let's do {title} {day}, at {time}[ within {minutes} minutes]. Drop it into our shared calendar
        Enter {title} with a start of {time} {day}[ and an extent of {minutes} minutes]
        My week: {title} is happening {day} at {time}[ ({minutes} minutes)], enter that please
        Squeeze {title} into the timetable {day} by {time}[, {minutes} minutes should do]
        Appointment needed {day}, clock time {time}[, {minutes} minutes], topic {title}
        Timetable addition: at {time} {day} there'll be {title}[, scheduled for {minutes} minutes]
    """),
    "return_item": lines("""
        The {product} disappointed me, ship it back under order {order}[, grounds: {reason}]
        Need a return label for the {product} bought in purchase {order}[, complaint: {reason}]
        RMA for {product}, order {order}[, {reason}]
        Purchase {order} included the {product}, which I'd rather hand back[ for it's {reason}]
        Please pick up the {product} delivered with {order} again[, {reason}]
        Not happy with the {product} out of shipment {order}[ ({reason})], let it go back to the seller
        I'm sending the {product} to the seller again, purchase {order}[. Cause: {reason}]
        Initiate the returns process: order no. {order}, article {product}[, fault {reason}]
        Reclaim the money paid for the {product} in {order} by mailing it back[, motive: {reason}]
        Issue a return slip covering {product} of purchase {order}[, stated reason {reason}]
        Parcel {order} contained a {product} I don't like[ as it turned out {reason}]. Post it back
        Wanna give back the {product} i bought, order {order}[, {reason}]
        File a return on the {product}, {order}[, marking it {reason}]
        Ugh, the {product} from delivery {order} is rubbish[, {reason}], have the courier collect it
        Exchange is pointless, just return my {product} bought as {order}[ since {reason}]
        The merchant may have the {product} back, see purchase {order}[, {reason} is why]
        Which label do I stick on the {product} to send it to the store again, order {order}[, {reason}]?
        Hand back to the retailer: {product}, invoice {order}[, labelled {reason}]
        Within the return window I'd like to give up the {product}, part of {order}[, due to it being {reason}]
        I regret buying the {product} in {order}[, {reason}], so back to the warehouse with it
        rtn {product} ord {order}[ {reason}]
        Order {order} arrived yesterday, though the {product} isn't for me[, simply {reason}]. Make a return
        My purchase {order}: one article, namely the {product}, shall go to the vendor again[ ({reason})]
        Ship back {product} / {order}[ / {reason}]
        Claim against the seller: reimburse the {product} belonging to order {order}[, defect {reason}]
        The {product} doesn't suit my wife, return it, bought through order {order}[, verdict {reason}]
        Under order {order} I received the {product}, which won't stay here[ being {reason}]; set the return going
        Let the carrier fetch the unwanted {product}, order {order}[, since {reason} it was]
        Reject the delivered {product}, reference order {order}[, saying {reason}]
        Could the store accept the {product} back that came under {order}[, condition {reason}]?
    """),
    "git_reset": lines("""
        Roll the branch back to {commit}[, {mode} style]
        Undo all my commits made after {commit}[, flavour {mode}]
        I messed up my local history; {commit} was still fine, take me there[ ({mode})]
        Wind back the repo to revision {commit}[, {mode}]
        Drop whatever has been committed on top of {commit}[, {mode} variant]
        Typing git reset {commit} is up to you[, as {mode}]
        Turn back time in the repository until sha {commit}[ with option {mode}]
        Uncommit down to {commit}[, {mode} kind]
        Revision {commit} shall be the newest one here[, {mode} reset]
        Point the current branch at hash {commit}[, {mode}]
        Jump the branch tip backwards onto {commit}[, keeping to {mode} mode]
        Nuke the recent commits, back to sha {commit}[, reset type {mode}]
        Revert my local branch pointer to {commit}[ via a {mode} reset]
        The last few commits were garbage, {commit} is where HEAD belongs[, reset {mode}]
        HEAD => {commit}[ ({mode})]
        Peel off every commit above {commit}[, {mode} manner]
        Restore the repo to how it stood at hash {commit}[, {mode}]
        Could we start over from commit {commit}, with later ones gone from the branch[, reset {mode}]?
        Chop the history right behind {commit}[, a {mode} one]
        Retreat to revision {commit}[ and make that reset {mode}]
        reset head sha {commit}[ type {mode}]
        Put my repo's clock back to {commit}[ by resetting {mode}]
        Unwind the commit history as far as {commit}[, {mode} please]
        Pretend nothing was committed after {commit}[, {mode} git reset]
        Everything newer than {commit} may vanish from this branch[; mode: {mode}]
        Is it possible to rewind HEAD until {commit}[, say {mode}]?
        Position the tip of my branch on sha {commit}[, chosen mode {mode}]
        I committed too early; step HEAD down to {commit}[ in the {mode} way]
        Cut the branch off at {commit}[, {mode} reset]
        Align HEAD and branch with hash {commit}[, mode = {mode}]
    """),
    "kill_by_name": lines("""
        Shut down all {name} processes
        Slay each {name} process you come across
        Nuke all instances of {name}
        SIGKILL to anything running as {name}
        {name} went haywire with dozens of copies, put an end to them
        Wipe {name} from the process list, each copy
        taskkill /IM {name}
        Abort every last instance of {name}
        Zombie {name} processes everywhere, clean them up
        Halt whichever processes carry the name {name}
        Too many copies of {name} eating memory, exit them all
        Knock out each running {name}
        Send a kill signal to all instances of {name}
        There's a runaway {name} again, shoot its processes down
        {name} must not be running anymore, not a single process
        Is {name} still active? Take down each of its processes
        Bring every {name} task to an end
        Cease all execution of {name}
        Free the CPU from {name} by ending the lot of its tasks
        Exterminate processes matching {name}
        Force-close {name}, all windows and background tasks
        kill -9 every {name}
        Murder all those {name} tasks, they've frozen
        I can't quit {name} normally, force it shut, each instance
        Whatever {name} tasks are alive, terminate the whole bunch
        Make certain no {name} instance survives
        Dispose of running tasks by the name of {name}
        The application {name} froze; forcibly exit every copy
        Break off all executions of the program {name}
        Stamp out {name}, all pids
    """),
    "country_population": lines("""
        National headcount, {country}[ during {year}]
        Census figure, {country}[, {year}]
        How populous is {country}[, going by {year}]?
        How many souls did the nation of {country} count[ back in {year}]?
        What's the demographic total for {country}[ as per {year}]?
        Demographics {country}[ {year}]
        For geography class: amount of folks in {country}[ around {year}]
        How many humans call {country} home[ ({year})]?
        Roughly how many million dwell in {country}[, reference year {year}]?
        If you counted everybody within {country}[ during {year}], what would you get?
        Quote me the census of {country}[ taken in {year}]
        Is {country} crowded[, as measured in {year}]? State its number of people
        pop. {country}[ yr {year}]
        How many nationals reside within the borders of {country}[, dated {year}]?
        Was {country} home to many people[ in {year}], and how many exactly?
        Total persons in {country}[, statistics of {year}]
        Retrieve the populace count for {country}[, year = {year}]
        Every man, woman and child of {country}[ in {year}], how many altogether?
        I'm curious about the count of persons inhabiting {country}[ by {year}]
        Of how many people does the nation {country} consist[, {year}]?
        Check the census records: {country}[ for {year}]
        Report the resident total of {country}[ recorded {year}]
        How many heads does {country} number[ for {year}]?
        Country fact needed, people count, {country}[, in the year {year}]
        What was the size of the populace in {country}[ at the time of {year}]?
        By population, how huge would you say is {country}[ per {year}]?
        How many folks is {country} made up of[, {year} data]?
        Estimate of the residents across {country}[, {year} edition]
        Provide demographic numbers, i.e. inhabitants, on {country}[ concerning {year}]
        Living in {country}[ as of {year}]: how many persons?
    """),
    "extract_keywords": lines("""
        Boil "{text}" down to its key terms[, {count} in total]
        Tag the passage "{text}" with suitable keywords[, {count} tags]
        Suggest[ {count}] tags that fit "{text}"
        What is "{text}" about, in single words[, {count} at most]?
        Distill the crucial vocabulary from "{text}"[, stopping at {count}]
        SEO terms for "{text}"[, top {count}]
        Topic words of the following: "{text}"[ (max {count})]
        Filter the significant words out of "{text}"[, limit {count}]
        Hashtags for the post "{text}"[, {count} pieces]
        Isolate whichever terms characterize "{text}"[; {count} suffice]
        kw "{text}"[ n={count}]
        Underline what's important in "{text}", word by word[, {count} words]
        Strip "{text}" of filler and leave me the salient terms[, {count} of those]
        Ignore the stop words; which terms carry the meaning of "{text}"[, {count} please]?
        I'm indexing an article: "{text}". Propose search terms[, {count}]
        Glean[ {count}] catchwords from "{text}"
        Highlight the most telling words of this paragraph, "{text}"[, {count} tops]
        Reduce this passage to buzzwords[ ({count})]: "{text}"
        Under what search words would one file "{text}"[? {count} will do]
        Mine "{text}" for important vocabulary[, best {count}]
        Catchwords, please[, {count} or so], for the paragraph "{text}"
        Skim "{text}" and note the words that stand out[, {count} words]
        Single out the[ {count}] weightiest terms contained in "{text}"
        Which index terms does "{text}" deserve[, {count} maximum]?
        Detect the[ {count}] dominant terms throughout "{text}"
        Harvest key phrases out of the document "{text}"[, number wanted: {count}]
        Librarian style subject headings for "{text}"[, {count} entries]
        Identify the vocabulary at the heart of "{text}"[, top {count} only]
        Too long to read: "{text}". Just the buzzwords[, {count}]
        Return the strongest keywords contained within "{text}"[ , k = {count}]
    """),
}
