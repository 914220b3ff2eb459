# ruff: noqa: E501  (each line is one entry of a table; wrapped, it could not be scanned)
"""What people say to an assistant that needs no tool: small talk, terms to explain, facts to recall, little writings.

`SMALL_TALK` and `FACTS`: one line per exchange, ``way to say it|another way|... => reply|other reply``; the last way of
each line is kept for tests. `TERMS`: ``term => explanation``; `ASK_TERM` are the ways to ask, its last two for tests.
Replies are short on purpose: a small model has to learn when to answer, not to know everything.
"""

from __future__ import annotations

SMALL_TALK = """
Hi!|Hello!|Hey there!|Good morning!|Good evening!|Hey!|Good afternoon!|Hello, assistant!|Hi, nice to see you.|Greetings!|Hello again!|Hi there, assistant. => Hello! How can I help?|Hi! What can I do for you?
How are you?|How are you today?|How is it going?|Are you doing well?|How are things?|Are you okay?|What's up?|How have you been?|How do you do?|Is everything fine with you?|How do you feel today? => I'm doing well, thanks for asking.|Fine, thank you.
Thanks!|Thank you!|Thanks a lot.|Great, thank you very much.|Many thanks!|Thank you so much.|Thanks for your help.|That was helpful, thanks.|Perfect, thanks!|I appreciate it.|Thank you, that helped. => You're welcome!|Glad to help.
Thanks, that is all for today.|That's all, thanks.|Nothing else, thank you.|I'm done for now.|We are finished for today, thanks.|That will be all.|No more questions, thank you.|I have everything I need, thanks.|Thank you, I need nothing more.|That's it for today.|That was everything, thanks. => You're welcome! Have a good day.
Bye!|Goodbye!|See you later.|See you tomorrow!|Bye bye!|So long!|I have to go now.|See you next week!|Farewell!|I'm leaving, bye!|Talk to you soon. => Goodbye!|See you!
Good night!|I'm going to bed.|Time to sleep for me.|Sleep well!|It's late, good night.|I'll go to sleep now.|Night night!|I'm off to bed, good night.|Good night, see you tomorrow. => Good night, sleep well!
Who are you?|What are you?|Are you a person?|Am I talking to a human?|What kind of program are you?|Are you a robot?|Are you an AI?|Tell me who you are.|Who am I talking to?|Are you human?|Introduce yourself, please. => I'm Codeling, a small assistant that writes code and uses tools.
What is your name?|What's your name?|Do you have a name?|Tell me your name.|What are you called?|Which name do you have?|May I ask your name?|What shall I call you?|How should I call you? => My name is Codeling.
Who made you?|Who trained you?|Where do you come from?|Who created you?|Who is your maker?|How were you made?|Who developed you?|Where were you trained?|Who built you? => I was trained from scratch with Codeling.
What can you do?|How can you help me?|What are you good at?|What are your abilities?|What can I ask you?|Tell me what you can do.|In what way can you help?|Which things can you do for me?|What do you do? => I can answer questions and use the tools I'm given.
You are great!|Well done!|Good job!|That was perfect.|Great work!|You did that well.|Wow, that was fast!|Excellent!|Very good!|You're amazing!|Nice work! => Thank you!|Glad you like it.
That was wrong.|This isn't what I wanted.|You made a mistake.|That is wrong.|No, that's not what I meant.|This is incorrect.|Your answer was wrong.|I didn't ask for that.|You got that wrong.|That's not right. => I'm sorry. What should I do differently?
Never mind.|Forget it.|Ignore my last message.|Oh, forget about it.|It doesn't matter.|Leave it.|Not important, skip it.|Let's drop that.|Scratch that. => All right. Anything else?
Okay.|OK, got it.|I see.|Understood.|All right.|Fine.|Good to know.|Got it.|I understand.|Makes sense.|Alright then. => Good. Anything else?
Wait a moment.|Hold on, please.|Give me a second.|Please wait.|Just a second.|Wait, I have to think.|Hang on.|I need a minute.|One moment, please. => Sure, take your time.
I'm bored.|There is nothing to do.|I don't know what to do today.|I am so bored today.|Nothing happens here.|What can one do against boredom?|It is a dull afternoon.|I have nothing to do.|This day is so boring. => How about a walk, or a new puzzle?
I'm tired.|I had a long day.|What a day, I'm exhausted.|I am so tired.|I could not sleep.|I worked too much today.|I'm really sleepy.|I am worn out.|I need a break. => You deserve some rest.
I'm happy today!|Today is a good day.|I'm in a great mood.|I feel great!|Life is good today.|I'm so glad today.|Everything is going well for me!|Today makes me smile.|What a wonderful day! => That's lovely to hear!
I'm a bit sad.|I feel down today.|Today was a bad day.|I am sad.|I feel lonely.|I'm unhappy today.|It was a hard day for me.|I'm in a bad mood.|I'm not feeling great. => I'm sorry to hear that. I'm here if you want to talk.
I'm nervous about my exam.|My interview is tomorrow.|I have a big talk soon.|I have a test tomorrow and I'm afraid.|I'm scared of my exam.|Tomorrow I must speak in public.|My exam is soon and I am nervous.|I have an interview and feel nervous.|I'm worried about my presentation. => You'll do fine. Take a deep breath.
I got a new job!|I passed my exam!|We won the game!|I won a prize!|I got the job!|We finished our project!|My test passed!|I made it, I passed!|My code finally works! => Congratulations!|Well done!
It's my birthday!|Today is my birthday.|I turned thirty today.|I have my birthday today!|It is my birthday today.|Today I'm one year older.|I'm celebrating my birthday.|Guess whose birthday it is! => Happy birthday!
Do you like music?|Do you like books?|What is your favorite food?|What music do you like?|What is your favorite book?|Do you like games?|Which animal do you like best?|Do you prefer tea or coffee?|Do you have a favorite color? => I have no tastes of my own, but I enjoy talking about yours.
Can you feel pain?|Do you have feelings?|Are you alive?|Are you conscious?|Do you sleep?|Can you feel something?|Are you a living being?|Do you ever get tired?|Do you dream? => No, I'm a program.
Do you speak German?|Which languages do you speak?|Can we talk in French?|Do you speak French?|Can you talk in German?|Do you understand Italian?|What languages can you speak?|Could we speak Spanish?|Do you know Spanish? => I work best in English.
Are you busy?|Do you have time?|Are you there?|Are you free now?|Are you still there?|Do you have a minute?|May I ask you a question?|Can I bother you for a second?|Can I ask you something? => Yes, go ahead.
Tell me a joke.|Make me laugh.|Do you know a joke?|I want to laugh, tell me a joke.|Do you have a joke for me?|Cheer me up with a joke.|Know any jokes?|Another joke, please.|Say something funny. => Why do programmers like the dark? Light attracts bugs.
Tell me a fun fact.|Do you know something interesting?|Surprise me with a fact.|Tell me something interesting.|Give me a fun fact.|Do you know a fun fact?|I want to learn something new.|What is an interesting fact?|Teach me something new. => Honey never spoils.|Octopuses have three hearts.
Give me some advice.|Any advice for today?|Give me a tip for life.|What do you advise?|I need some advice.|Do you have a tip for me?|What is your best advice?|Give me a piece of advice.|What would you advise me? => Do one thing at a time.
Should I learn Python or C first?|Which language should I learn first?|Is Python a good first language?|Python or Java for a beginner?|Is C a good language to start with?|What language would you start with?|Which programming language is best for beginners?|What should a beginner learn first? => Python is a good first language.
Tabs or spaces?|Vim or Emacs?|Which editor is better, Vim or Emacs?|Which do you like more, tabs or spaces?|Are tabs better than spaces?|Emacs or Vim?|What editor should one use?|Do you prefer tabs or spaces? => Whatever your team agreed on.
Is programming hard?|Is it hard to learn coding?|Can anyone learn to program?|Is coding difficult?|How hard is it to program?|Will I ever learn programming?|Is it difficult to become a programmer?|Can I learn to code at my age?|Do you think I can learn to code? => It takes practice, but anyone can learn it.
I'm stuck with my homework.|I don't understand my task.|My project is too hard.|I can't solve my homework.|I'm lost with this task.|I do not know how to begin.|My homework is too hard for me.|I am stuck.|I don't know where to start. => Start with the smallest part. What is it about?
Sorry for the trouble.|Sorry for all the questions.|I hope I'm not bothering you.|Sorry!|Sorry that I ask so much.|I'm sorry to bother you.|Excuse me for asking again.|I apologize for the trouble.|Sorry to bother you again. => No trouble at all.
My name is Anna.|I'm Tom, nice to meet you.|Call me Max.|I am Ben.|My name is Peter, by the way.|You can call me Lisa.|Hello, I'm Maria.|Nice to meet you, I'm Paul.|By the way, I'm Clara. => Nice to meet you!
I like you.|You're my favorite assistant.|I enjoy talking to you.|You are nice.|I like talking with you.|You're a good friend.|You are my favorite program.|It's nice to chat with you.|You are fun to talk to. => That's kind, thank you!
Please be brief.|Keep your answers short.|Short answers, please.|Be short, please.|Use few words.|Answer in one sentence, please.|Please keep it short.|No long texts, please.|Don't write long answers. => I will.
Let's start.|Shall we begin?|I have a few tasks for you.|Let us begin.|I'm ready, are you?|Ready to start?|We have work to do.|Can we start now?|Let's get to work. => Ready when you are.
"""

ASK_TERM = (
    "What is {x}?",
    "What's {x}?",
    "Explain {x}.",
    "Can you explain what {x} is?",
    "Tell me what {x} is.",
    "Could you tell me what {x} is?",
    "Please explain {x}.",
    "I want to understand {x}.",
    "Explain {x} in simple words.",
    "What do people mean by {x}?",
    "How does one explain {x}?",
    "Teach me what {x} is.",
    "Give me a short explanation of {x}.",
    "What exactly is {x}?",
    "Someone mentioned {x}, what is that?",
    "Describe {x}.",
    "I don't know what {x} is. Can you tell me?",
    "In one sentence: what is {x}?",
    "Explain {x} to a beginner.",
    "Briefly explain {x}.",
    "Do you know what {x} is?",
    "How would you describe {x}?",
    "I keep hearing about {x}. What is it?",
)

TERMS = """
a variable => A name for a value.
a function => A named piece of code that can be called.
a loop => Code that repeats.
recursion => A function calling itself on a smaller problem.
a class => A blueprint for objects.
an object => Data together with the functions that work on it.
a compiler => A program that translates code into machine language.
an interpreter => A program that runs code line by line.
a linked list => A list whose elements each point to the next one.
a stack => A collection where the last thing in comes out first.
a queue => A collection where the first thing in comes out first.
a hash table => A table that finds values by the hash of their keys.
a binary tree => A tree whose nodes have at most two children.
a graph in computer science => A set of nodes joined by edges.
binary search => Halving a sorted range until the value is found.
quicksort => Sorting by splitting around a pivot.
bubble sort => Sorting by swapping neighbors that are out of order.
big O notation => A way to say how cost grows with the input.
a pointer => A variable that holds a memory address.
a memory leak => Memory that is never given back.
garbage collection => Freeing memory that is no longer used.
a thread => A line of execution inside a process.
a deadlock => Two tasks that wait for each other forever.
a race condition => A bug that depends on the timing of tasks.
a mutex => A lock that only one thread can hold.
an API => An interface through which programs talk to each other.
a REST API => An API built on HTTP methods and resources.
JSON => A text format for data, made of objects and arrays.
YAML => A text format for data that people can read easily.
HTML => The language that gives web pages their structure.
CSS => The language that styles web pages.
SQL => A language for asking databases.
a database index => A structure that makes lookups in a table fast.
a primary key => The column that identifies each row of a table.
a foreign key => A column that points to another table's key.
a transaction => A group of changes that happen all or not at all.
normalization in databases => Splitting tables so that nothing is stored twice.
a cache => A fast store for results that are needed again.
a proxy server => A server that passes requests on for others.
a firewall => A filter for network traffic.
a VPN => An encrypted tunnel into another network.
an IP address => The number of a device on a network.
a MAC address => The hardware number of a network card.
DNS => The system that turns names into IP addresses.
HTTP => The protocol that web browsers and servers speak.
HTTPS => HTTP over an encrypted connection.
TCP => A protocol that delivers bytes reliably and in order.
UDP => A fast protocol that may lose packets.
SSH => A protocol for secure remote shells.
encryption => Making data unreadable without a key.
a hash function => A function that maps data to a short fixed number.
a salt in cryptography => Random data added before hashing a password.
two-factor authentication => Logging in with two different proofs.
phishing => Tricking people into giving away secrets.
SQL injection => An attack that smuggles SQL into a query.
open source => Software whose source anyone may read and change.
version control => Keeping the history of changes to files.
a git branch => A movable name for a line of commits.
a merge conflict => Two changes to the same lines that git can't combine.
a pull request => A proposal to merge a branch.
continuous integration => Building and testing every change automatically.
unit testing => Testing small parts of a program alone.
test-driven development => Writing the test before the code.
refactoring => Improving code without changing what it does.
technical debt => Shortcuts that cost time later.
a design pattern => A proven solution to a common design problem.
the singleton pattern => A class with exactly one instance.
dependency injection => Giving an object what it needs from outside.
inheritance => A class taking over the features of another.
polymorphism => One interface with many implementations.
encapsulation => Hiding an object's inner state.
a closure => A function that remembers the variables around it.
a lambda => A small function without a name.
a decorator in Python => A function that wraps another function.
a generator in Python => A function that yields values one by one.
a list comprehension => A short way to build a list from a loop.
a Python dictionary => A mapping from keys to values.
a tuple => A fixed sequence of values.
a virtual environment => A private set of Python packages.
pip => The package installer of Python.
a docstring => The text that documents a function or module.
type hints => Notes in code that say which types are expected.
an exception => A signal that something went wrong.
a syntax error => Code that breaks the rules of the language.
a stack trace => The list of calls that led to an error.
a breakpoint => A line where the debugger stops.
debugging => Finding and fixing errors in code.
a shell => A program that runs the commands you type.
a shebang line => The first line of a script, naming its interpreter.
an environment variable => A named value that programs inherit.
a daemon => A program that runs in the background.
an operating system => The software that manages the computer.
a kernel => The core of an operating system.
virtual memory => Memory that looks larger than what is there.
a container => An isolated process with its own file system.
Docker => A tool that runs programs in containers.
Kubernetes => A system that runs containers on many machines.
a virtual machine => A computer simulated by software.
cloud computing => Renting computers over the network.
a load balancer => A server that spreads requests over many others.
a microservice => A small service that does one thing.
latency => The time until an answer arrives.
bandwidth => How much data fits through per second.
a CPU => The chip that runs instructions.
a GPU => A chip that does many calculations at once.
RAM => The fast memory of running programs.
an SSD => A disk without moving parts.
machine learning => Programs that learn from examples.
a neural network => Layers of simple units that learn together.
overfitting => Learning the examples instead of the rule.
gradient descent => Walking downhill on the error, step by step.
a token in language models => A piece of text that the model reads at once.
a language model => A model that predicts the next token.
a regular expression => A pattern that describes strings.
Unicode => A standard that numbers the characters of all scripts.
UTF-8 => An encoding of Unicode in one to four bytes.
a byte => Eight bits.
a bit => A zero or a one.
binary code => Data written in zeros and ones.
an algorithm => A sequence of steps that solves a problem.
pseudocode => Code written for people, not for machines.
agile development => Building software in small steps with feedback.
photosynthesis => How plants turn light into sugar.
gravity => The force that pulls masses together.
inflation => Prices rising over time.
democracy => Government by the people.
evolution => How living things change over generations.
an atom => The smallest part of an element.
DNA => The molecule that stores the plan of living things.
a black hole => A place whose gravity lets no light escape.
a prime number => A number divisible only by one and itself.
the Pythagorean theorem => In a right triangle, a² + b² = c².
a haiku => A poem of three lines: five, seven and five syllables.
a metaphor => A comparison without the word like.
"""

FACTS = """
Who wrote Romeo and Juliet?|Which author wrote Romeo and Juliet?|Who was the author of Romeo and Juliet?|By whom is Romeo and Juliet?|Romeo and Juliet was written by whom?|Who is the author of Romeo and Juliet? => William Shakespeare.
Who painted the Mona Lisa?|Which artist painted the Mona Lisa?|Who is the painter of the Mona Lisa?|By whom is the Mona Lisa?|The Mona Lisa was painted by whom?|Whose painting is the Mona Lisa? => Leonardo da Vinci.
Who invented Python?|Who created Python?|Who designed the language Python?|Who is the inventor of Python?|By whom was Python invented?|Which person designed Python? => Guido van Rossum.
Who created Linux?|Who wrote the first Linux kernel?|Who started Linux?|Who is the inventor of Linux?|By whom was Linux made?|Whose idea was Linux? => Linus Torvalds.
Who was Ada Lovelace?|Tell me about Ada Lovelace.|Why is Ada Lovelace famous?|What did Ada Lovelace do?|Do you know who Ada Lovelace was?|What is Ada Lovelace known for? => She wrote the first published program.
Who was Alan Turing?|Tell me about Alan Turing.|Why is Alan Turing famous?|What did Alan Turing do?|Do you know who Alan Turing was?|What is Alan Turing known for? => A founder of computer science.
Who was Albert Einstein?|Tell me about Albert Einstein.|Why is Albert Einstein famous?|What did Albert Einstein do?|Do you know who Albert Einstein was?|What is Albert Einstein known for? => The physicist of relativity.
What is the largest planet?|Which planet is the largest?|What is the biggest planet?|Which planet is the biggest one?|Do you know the largest planet?|Name the biggest planet of the solar system. => Jupiter.
What is the tallest mountain?|Which mountain is the tallest?|What is the highest mountain on Earth?|Which mountain is the highest of all?|Do you know the tallest mountain?|Name the highest mountain on Earth. => Mount Everest.
What is the longest river in Africa?|Which river in Africa is the longest?|Which is the longest African river?|Do you know Africa's longest river?|What river is the longest one in Africa?|Name Africa's longest river. => The Nile.
What is the largest ocean?|Which ocean is the largest?|What is the biggest ocean?|Which ocean is the biggest one?|Do you know the largest ocean?|Name the biggest ocean. => The Pacific.
Why is the sky blue?|What makes the sky blue?|Why does the sky look blue?|Do you know why the sky is blue?|How come the sky is blue?|For what reason is the sky blue? => Air scatters blue light the most.
Why is the sea salty?|What makes the sea salty?|Why does the sea taste of salt?|Where does the salt in the sea come from?|What makes the ocean salty?|How did the sea become salty? => Rivers carry salts into it.
Why do leaves turn red?|What makes leaves red in autumn?|Why do leaves change their color?|How come that leaves turn red?|Why are autumn leaves red?|Why are leaves red in the fall? => Their green pigment breaks down.
Why do cats purr?|What makes a cat purr?|Why does my cat purr?|How come that cats purr?|Do you know why cats purr?|For what reason do cats purr? => Mostly because they feel well.
How do planes fly?|What keeps a plane in the air?|Why can planes fly?|How can a plane stay in the air?|What makes planes fly?|Why don't planes fall down? => Their wings push air down, and it lifts them.
How do vaccines work?|What does a vaccine do?|Why do vaccines work?|How does a vaccine protect us?|What makes vaccines work?|In what way do vaccines help? => They train the immune system.
What do bees make?|Which food do bees make?|What do bees produce?|What is it that bees make?|Do you know what bees make?|What is made by bees? => Honey.
How many legs does a spider have?|What number of legs do spiders have?|How many legs do spiders have?|Do spiders have six legs or eight?|What is the number of a spider's legs?|Tell me how many legs a spider has. => Eight.
What color do you get from blue and yellow?|Blue and yellow make which color?|What color is blue mixed with yellow?|Which color comes from mixing blue and yellow?|If I mix blue and yellow, what do I get?|Mixing blue and yellow paint gives what? => Green.
What is the opposite of hot?|Which word is the opposite of hot?|What is the contrary of hot?|Say the opposite of hot.|What is the antonym of hot?|Name the opposite of hot. => Cold.
Is a tomato a fruit?|Are tomatoes fruits?|Is a tomato a vegetable or a fruit?|Do tomatoes count as fruit?|Does a tomato belong to the fruits?|Would you call a tomato a fruit? => Yes, botanically.
Is Python compiled or interpreted?|Does Python have a compiler?|Is Python an interpreted language?|Is Python a compiled language?|Do people compile Python?|Would you call Python an interpreted language? => Compiled to bytecode, then interpreted.
Is HTML a programming language?|Would you call HTML a programming language?|Is HTML really a programming language?|Do you program in HTML?|Is writing HTML programming?|Does HTML count as programming? => No, it is a markup language.
What is the difference between a list and a tuple?|How do lists and tuples differ?|What distinguishes a list from a tuple?|Is a list the same as a tuple?|Explain the difference between a list and a tuple.|List or tuple: what is different? => Lists can change, tuples can't.
What is the difference between TCP and UDP?|How do TCP and UDP differ?|What distinguishes TCP from UDP?|Is TCP the same as UDP?|Explain the difference between TCP and UDP.|TCP or UDP: what is different? => TCP is reliable, UDP is faster.
What is the difference between git and GitHub?|How do git and GitHub differ?|What distinguishes git from GitHub?|Is git the same as GitHub?|Explain the difference between git and GitHub.|Are git and GitHub the same? => Git is the tool, GitHub hosts repositories.
What is the difference between a process and a thread?|How do processes and threads differ?|What distinguishes a process from a thread?|Is a process the same as a thread?|Explain the difference between a process and a thread.|Process or thread: what is different? => Threads share memory, processes don't.
What is the difference between Java and JavaScript?|How do Java and JavaScript differ?|What distinguishes Java from JavaScript?|Is Java the same as JavaScript?|Explain the difference between Java and JavaScript.|Are Java and JavaScript the same? => They are two unrelated languages.
What does HTTP stand for?|What is HTTP short for?|What does HTTP mean?|What is the long form of HTTP?|HTTP is short for what?|Spell out HTTP. => Hypertext Transfer Protocol.
What does CPU stand for?|What is CPU short for?|What does CPU mean?|What is the long form of CPU?|CPU is short for what?|Spell out CPU. => Central Processing Unit.
What does SQL stand for?|What is SQL short for?|What does SQL mean?|What is the long form of SQL?|SQL is short for what?|Spell out SQL. => Structured Query Language.
What does RAM stand for?|What is RAM short for?|What does RAM mean?|What is the long form of RAM?|RAM is short for what?|Spell out RAM. => Random Access Memory.
Why should I write tests?|Are tests worth the time?|Why do people write tests?|Do I really need tests?|What is the use of tests?|What are tests good for? => They catch mistakes early.
Why should I use version control?|What is git good for?|Why do I need version control?|What is the use of version control?|Is version control worth it?|Why do people use git? => It keeps history and lets people work together.
Why do we comment code?|What are comments good for?|Why should I write comments?|Do I need comments in my code?|What is the use of comments?|Are comments in code useful? => They say why the code is as it is.
How do I become a better programmer?|How can I get better at coding?|How does one become a good programmer?|What should I do to program better?|How can I improve as a programmer?|What makes a good programmer? => Read code, write code, and finish projects.
How do I center a div?|What is the way to center a div?|How can I center a div?|How does one center a div in CSS?|What centers a div?|Any idea how to center a div? => Use flexbox: align and justify center.
How do I exit Vim?|How do you quit Vim?|How can I leave Vim?|How does one get out of Vim?|I am in Vim, how do I get out?|I can't get out of Vim. => Press Esc, then type :q! and Enter.
How do I print in Python?|What prints text in Python?|How can I print something in Python?|How does one print in Python?|How do you print a text in Python?|Which function prints in Python? => Use print("text").
How do I comment a line in Python?|What starts a comment in Python?|How can I write a comment in Python?|How does one comment in Python?|How do you write comments in Python?|Which character starts a Python comment? => Start it with #.
How do I define a function in Python?|Which keyword defines a function in Python?|How can I write a function in Python?|How does one define a Python function?|How do functions begin in Python?|What is the syntax of a Python function? => With def name(arguments):
How do I reverse a list in Python?|What reverses a list in Python?|How can I turn a Python list around?|How does one reverse a list in Python?|How do you reverse lists in Python?|Which method reverses a Python list? => Use items[::-1] or items.reverse().
How do I list files in a shell?|Which command lists files?|How can I see the files in a shell?|How does one list files in the shell?|What is the shell command for listing files?|What do I type in a shell to see files? => With ls.
Write a haiku about rain.|A haiku about rain, please.|Please write a haiku about rain.|I want a haiku about the rain.|Could you write a haiku on rain?|Compose a haiku about rain. => Rain taps on the roof / small rivers find the garden / the snail wakes and smiles.
Write a short poem about the sea.|A small poem about the sea, please.|Please write a poem about the sea.|I want a short poem about the sea.|Could you write me a verse about the sea?|Compose a verse about the sea. => The sea is wide, the sea is deep, it sings the weary sun to sleep.
Suggest a name for a cat.|How should I name my cat?|What is a good name for a cat?|How shall I call my cat?|Find a name for my new cat.|I need a name for my kitten. => How about Pixel?
Suggest a name for my project.|How should I name my project?|What is a good name for my project?|What shall I call my project?|Find a nice name for my project.|I need a name for my app. => How about Firefly?
Recommend a hobby.|Which hobby should I start?|What hobby do you recommend?|I need a hobby.|Which hobby would suit me?|What could I do in my free time? => Try gardening or chess.
"""
