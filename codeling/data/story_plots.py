# ruff: noqa: E501  (each line is one entry of a table; wrapped, it could not be scanned)
"""The plots of the built-in stories.

The format is read by `codeling.data.stories`: ``== name`` starts a plot (``== @name`` a part that plots include as
``<name>``), an empty line is a paragraph break, ``[a|b]`` a choice (an empty alternative makes a sentence optional),
``{slot}`` a word of the cast. ``{H}`` is the hero (he, him, his, He, His), ``{F}`` the friend (fhe, fhim, fhis, Fhe),
``{e}`` a grown-up of the hero's family, used as "{his} {e}" (ehe, ehim).
"a" becomes "an" where it must.
"""

PLOTS = r"""
== @open
[Once upon a time, there was|Once there was|Once upon a time, there lived|There once was|In a {size} {home} {near}, there lived|One {season}, there was] a {trait} {kind} [named|called] {H}. [{H} loved to {hobby}.|{He} liked to {hobby} [all day|every day|more than anything].|{H} lived with {his} {e} {near}.|{His} favorite thing was {a_toy}.|{H} had {a_toy} and a very big smile.|Every morning, {he} liked to {hobby}.|{H} was {trait_2} and liked to {hobby}.]
== @day
[One day|One {weather} day|One {weather} morning|One afternoon|One {season} morning|After lunch one day|On a {weather} day]
== @end
[The end.|||||{H} went to bed [with a smile|happy] that night.|It was a very good day.|That night, {H} dreamed about {hobbying}.|And they all [lived happily|stayed happy] for a long time.|{H} could not wait for the next day.|Then they all went home and ate {food}.|They laughed all the way home.|What a day it was!|{H} told {his} {e} all about it at bedtime.|The sun went down, and everyone was happy.]
== @glad
[{H} was so happy that {he} jumped up and down.|{H} smiled a big smile.|{H} clapped {his} hands.|{H} laughed and danced around.|{H} felt warm inside.|{His} eyes were bright with joy.|{H} had never been so happy.]
== @sad
[{H} felt very sad.|{H} began to cry.|A tear ran down {his} face.|{H} sat down and put {his} head in {his} hands.|{His} lip began to shake.|{H} did not want to {hobby} anymore.|{H} felt a big lump in {his} throat.]
== @hug
[{His} {e} gave {him} a big hug.|{His} {e} hugged {him} tight.|{H} ran to {his} {e} and hugged {ehim}.|{His} {e} held {his} hand and smiled.|{His} {e} kissed {him} on the head.]
== lost_thing
<open> [{H} had {a_toy}, and {he} took it everywhere.|{His} {e} had given {him} {a_toy}, and {he} loved it very much.|Every night, {he} slept with {his} {toyn} next to {him}.]

<day>, {H} [looked for|reached for|wanted to play with] {his} {toyn}, but it was gone. [{He} looked under the bed.|{He} looked behind the door.|{He} looked in every box.] [{He} looked under the table.|{He} looked in the basket.|] [It was not there.|There was no {toyn} at all.] <sad>

"What is wrong, {H}?" asked {his} {e}.

"I cannot find my {toyn}," said {H}. "[It was here yesterday.|I looked everywhere!|What if it is gone forever?]"

"[Let us think|Do not worry|Do not cry]," said {his} {e}. "Where did you [play with it|have it|see it] last?"

{H} thought and thought. "[I took it to|I had it at|I was at] {the_place}!" {he} said. [They put on their shoes and went back there.|They walked there together, hand in hand.|So they hurried back to look.] [{H} looked {under}, and there was the {toyn}!|There it was, {under}! The {toyn} was a little {dirty}, but it was safe.|A {animal} was sitting {under}, and next to it was the {toyn}.] <glad>

[From that day on, {H} always put {his} {toyn} back in its box.|"Thank you for helping me," {he} said. {His} {e} smiled. "We find more when we look together."|{H} learned to stop and think when something was lost.] <end>
== sharing
<open>

<day>, {H} took {his} {toyn} to {the_place}. {His} friend {F} was there too. {F} [had no toys to play with|looked at the {toyn} with big eyes|was sitting all alone]. "[Can I play with it too|May I have a turn|Can we play together], {H}?" asked {F}.

"No," said {H}. "It is mine!" [{He} held the {toyn} tight.|{He} turned away.|{He} took the {toyn} and walked off.] {F} [looked down at the ground|walked away slowly|did not say anything]. {H} played alone, but [it was not much fun|after a while it was boring|nobody laughed with {him}]. [The {toyn} was still nice, but something was missing.|It was very quiet.|]

{His} {e} sat down next to {him}. "[A toy is more fun with a friend|Sharing makes two people happy|How would you feel without a toy], {H}," {ehe} said softly. {H} thought about {F}. {He} [felt sorry|knew what to do|did not want {F} to be sad].

{H} ran to {F} and held out the {toyn}. "[I am sorry. You can go first|Here, let us take turns|Please play with me]," {he} said. {F} smiled [a big smile.|from ear to ear.|and said, "Thank you!"] [They played until the sun went down.|They made up a new game, and it was the best game ever.|They played and laughed all afternoon.] [Then {F} shared some {food} with {H}.|]

[{H} learned that sharing is fun.|Now {H} shares {his} {toyn} every day.|After that, {H} and {F} were best friends.] <end>
== brave_dark
<open> But {H} was afraid of [the dark|noises in the night|the dark hall].

[One night|One windy night|Late one night], {H} heard a strange sound. "{sound}!" it went. {H} pulled the blanket over {his} head. [{His} heart went fast.|{He} held {his} {toyn} tight.|{He} did not dare to move.] "{sound}!" There it was again. ["Is it a monster?" {he} whispered.|{H} thought it was a monster.|"Who is there?" {he} asked in a small voice.]

{H} [wanted to call {his} {e}, but {his} voice was too small|wanted to hide all night|counted to three]. Then {he} took a deep breath. "I can be brave," {he} said. {He} took {his} little lamp and [walked to the window|opened the door slowly|looked under the bed]. [One step. Two steps. Three steps.|{His} feet were cold, but {he} went on.|]

[It was only a {animal}! It was cold and wanted to come in.|It was only a small {animal}, and it was even more afraid than {H}.|There was no monster at all. It was just a little {animal} looking for {food}.] {H} laughed. "[You are not scary at all|Hello, little {animal}|So it was you]!" {he} said.

In the morning, {H} told {his} {e} [what had happened|about the {animal}]. "You were afraid, but you looked anyway," said {his} {e}. "That is what it means to be brave." <hug> [After that, {H} was not afraid of the dark.|Now {H} sleeps well every night.|] <end>
== making
<open>

<day>, {H} wanted to make {a_made} for {his} {e}. [It was a secret.|"It will be a surprise," {he} thought.|{He} had never made one before.] {He} got {stuff}, and {he} began to work. But [it was hard|nothing went right|it was not easy]. First, {trouble_made}. Then it fell apart. <sad> "I cannot do it," said {H}.

{F} came by and [saw what had happened|asked, "What are you making?"|stopped to look]. "[Let me help you|Let us try again|We can do it together]," said {F}. {F} held the pieces, and {H} put them together, very slowly. [They worked all morning.|They sang a song while they worked.|It took a long time, but they did not stop.] At last, the {made} was done. It was [a little crooked, but very nice|the best {made} in the world|big and {color}].

{H} gave the {made} to {his} {e}. "[Did you make this|Is this for me|Oh my]?" said {his} {e}. "It is [lovely|wonderful|the nicest thing I ever got]!" "{F} helped me," said {H}. <glad>

[{H} learned not to give up.|"Hard things are easier with a friend," said {H}.|{H} knew that it is good to try again.] <end>
== storm
<open>

<day>, {H} and {F} went to {the_place} to {hobby}. [They had so much fun that they did not look at the sky.|At first, the sun was warm.|They forgot about the time.] Then the sky got dark. [A big drop fell on {H}'s nose.|The wind began to blow hard.|There was a loud boom.] "[A storm is coming|It is going to rain|Look at those clouds]!" said {F}.

[Soon it was raining hard|The rain came down and down|Everything got wet]. {F} was scared and [began to cry|held on to {H}|did not want to walk]. {H} was scared too, but {he} [took {F}'s hand|looked around|thought hard]. "[We need a dry place|Stay close to me|I have an idea]," {he} said. [They ran and sat inside a hollow tree.|They found an old shed and went inside.|They sat under a big rock where it was dry.] [They sang songs until the thunder was far away.|To pass the time, {H} told {F} a funny story about a {animal}.|They shared the last bit of {food}.]

After a while, the rain stopped. [The sun came out|A bird began to sing|The clouds went away], and there was a big rainbow over {the_place}. "It is so pretty!" said {F}. {His} {e} came running. "There you are! [I was so worried|I looked for you everywhere]," {ehe} said. <hug> [At home, there was warm {food} for everyone.|They splashed in every puddle on the way home.|] [{H} learned that storms do not last forever.|"I was not so scared with you," said {F}.|Now {H} always looks at the sky first.] <end>
== new_friend
<open> But {H} was a little lonely, because [there was nobody to play with|all {his} friends had moved away|{he} was too shy to talk to others].

<day>, {H} saw someone new {at_place}. It was a {fkind} named {F}. {F} was [sitting alone|looking at the ground|playing with a stick]. {H} wanted to say hello, but [{he} was too shy|the words did not come out|{he} hid behind a tree]. ["What if {F} does not like me?" {he} thought.|{His} tummy felt funny.|]

{His} {e} said, "[A new friend starts with one small word|Maybe {F} is shy too|Just be kind and say hello]." So {H} [walked over|took a deep breath and went|went closer, step by step]. "Hello," {he} said. "I am {H}. Do you want to [{hobby} with me|see my {toyn}|share my {food}]?"

{F} looked up and smiled. "[Yes, please|I would love to|Oh, yes]!" said {F}. "I [do not know anyone here|just came here and I was so lonely|was too shy to ask]." They [played all afternoon|ran and laughed together|shared {food} {under}]. [{F} showed {H} how to jump very far.|{H} showed {F} {his} secret place.|They both liked {food} and the color {color}.]

[From then on, they met every day.|Now {H} was not lonely anymore.|When it was time to go, {F} said, "See you tomorrow!"] [One small hello had made a big friend.|{H} was glad that {he} had been brave enough to say hello.|] <end>
== promise
<open> {H} had a good friend called {F}.

<day>, {F} said, "Will you come to {the_place} tomorrow and help me find my {lost}?" "I promise," said {H}. But the next day, {H} [saw a game and stayed to play|slept too long|began to {hobby} and forgot all about it]. {F} waited and waited. [The sun went down, and {H} did not come.|Nobody came.|{F} had to look all alone.]

That evening, {H} remembered. "Oh no! [My promise|I forgot {F}]!" {he} cried. <sad> "[What should I do|Will {F} still be my friend]?" {he} asked {his} {e}. "[Say that you are sorry, and make it right|A broken promise can be mended|Go and tell the truth]," said {his} {e}.

The next morning, {H} went to see {F}. "I broke my promise," said {H}. "I am very sorry. [I will help you now, as long as it takes.|Can I help you today?]" {F} was [quiet for a moment|still a little angry|sad at first], but then {F} nodded. They looked [all morning|near the water|in the tall grass], and {H} did not stop, even when {he} was tired. At last, {H} found the {lost} {under}. "[You found it|There it is|Hooray]!" said {F}.

[They were friends again.|{F} hugged {H} and was not angry anymore.] [{H} never forgot a promise again.|From that day on, when {H} made a promise, {he} kept it.|{H} learned that a promise is a special thing.] <end>
== hurt_animal
<open>

<day>, {H} was walking to {the_place} when {he} heard a tiny sound. {He} looked {under} and saw a baby {animal}. It was [hurt and could not walk|cold and hungry|shaking and all alone]. "Oh, you poor little thing," said {H}. [{He} put it in {his} hat.|{He} picked it up very gently.|{He} wrapped it in {his} scarf.]

At home, {H} asked {his} {e}, "[Can we help it|Can it stay with us|May we take care of it]?" "Yes," said {his} {e}. "[But we must be gentle|It needs food and rest|We will keep it warm]." They made a soft bed in a box. {H} gave it [water and some food|warm milk|little bits of food] every day. {He} called it {pet}. [At first, {pet} was afraid.|{pet} slept and slept.|{H} sang to {pet} every night.] Day by day, {pet} got [stronger|bigger and stronger|better].

Then one morning, {pet} [jumped out of the box|looked out of the window|ran around the room]. "{pet} is well," said {his} {e}. "[It wants to go home to its family|It is time to let it go]." {H} was sad, but {he} knew it was right. {He} took {pet} back to {the_place} and opened the box. [{pet} looked back one time and then ran to its mother.|{pet} rubbed {his} hand and then was gone.] "Goodbye, {pet}!" {he} called.

[Every spring, {pet} came back to visit.|The next day, {pet} was there again to say hello.|{H} missed {pet}, but {he} was proud.] [{H} learned that helping means letting go, too.|It felt good to be kind.|] <end>
== surprise
<open>

[Today was {H}'s birthday.|It was {H}'s birthday, and {he} woke up early.] {He} ran to {his} {e}. "Do you know what day it is?" {he} asked. "[It is a {weather} day,|Is it washing day?|I am not sure,]" said {his} {e}, and {ehe} went on working. {H} [did not understand|was surprised|frowned]. Then {he} went to see {F}. "[Do you want to play|Do you know what day it is]?" asked {H}. "[Not now, I am busy|Sorry, I have to go]," said {F}, and {F} ran away.

<sad> "Everyone forgot," {he} thought. {He} went to {the_place} and sat there alone [for a long time|with {his} {toyn}|and watched a {animal}]. [A little {animal} came to look at {him}, but even that did not help.|The sky was {weather}, but {H} did not care.|] When it got late, {he} walked home slowly. [The {home} was dark and quiet.|There was no light in the window.]

{H} opened the door. "Surprise!" everyone shouted. {F} was there, and so was {his} {e}, and there was a big {color} cake. "[We did not forget|We were busy making your party|Happy birthday, {H}]!" said {F}. <glad> [{His} {e} gave {him} {a_gift}.|There were games and songs and {food} for all.|{F} gave {him} a {color} kite.] [It was the best birthday of all.|"I have the best friends in the world," said {H}.] <end>
== helping_elder
<open>

Near {H} lived [an old {helper}|a kind old {helper}]. [Everyone was too busy to visit.|Not many came to visit.|] <day>, {H} saw that the {helper} was [carrying a heavy basket|trying to lift a big basket|walking up the road with a full basket]. The basket was too heavy, and all the {fruit} fell on the ground. [Some others walked by and did not stop.|"Oh dear," said the {helper}.|]

{H} wanted to {hobby}, but {he} stopped. "[Can I help you|Let me help|Please sit down, I will do it]," {he} said. {He} picked up the {fruit}, one by one, and carried the basket [home|up the hill|to the door]. It was [hard work|heavy], and {his} arms got tired, but {he} did not stop. ["You are a kind {kind}," said the {helper}.|The {helper} smiled at {him}.]

"[Come in and rest|I want to thank you|Wait here]," said the {helper}. [The {helper} made warm {fruit_1} pie, and it smelled so good.|The {helper} told {him} stories about long ago, when everything was different.|The {helper} gave {him} {a_gift}.] <glad>

[After that, {H} went to see the {helper} every week.|The next day, {H} came back, and {F} came too.|"May I come again?" asked {H}. "Any time," said the {helper}.] [{H} found that helping can make a new friend.|Being kind does not cost anything.|Now the {helper} was never lonely.] <end>
== mistake
<open>

{His} {e} had a {color} {fragile}. "[Please do not touch it|Be careful near it|It is very old]," {ehe} always said. <day>, {H} was playing with {his} {toyn} inside. {He} [ran too fast|jumped too high|did not look], and {he} bumped into the shelf. Crash! The {fragile} fell down and broke into [many|small|three] pieces.

[{H} was scared.|{H} stood very still.|"Oh no!" said {H}.] {He} [hid the pieces under the rug|put the pieces in a box|pushed the pieces under the bed]. When {his} {e} came home, {ehe} asked, "Where is my {fragile}?" "[The {animal} did it|I do not know|I did not see it]," said {H}. But {his} tummy [hurt|felt bad], and {he} could not eat {his} {food}.

At bedtime, {H} [began to cry|could not sleep|got up again]. "I broke the {fragile}," {he} said. "And then I did not tell the truth. I am so sorry." {His} {e} was [quiet for a moment|sad about it, but {ehe} was not angry]. "[Thank you for telling me|It was brave to tell the truth]," {ehe} said. "[Things can break. You are more important than a {fragile}|We all make mistakes]." <hug>

The next day, they [fixed it with glue|made a new one out of clay|put the pieces together again]. [It was not perfect, but they both liked it.|It had lines all over, and it was even prettier.] [{H} learned to tell the truth, even when it is hard.|From then on, {H} played outside and always told the truth.] <end>
== learning
<open> There was one thing {H} could not do. {He} could not {skill}. [{F} could do it very well.|All the others could do it.|It looked so easy when {F} did it.]

<day>, {H} tried to {skill} {at_place}. {He} tried once, and [it did not work|{he} fell down]. {He} tried again, and [it was even worse|{he} fell on {his} back]. [Some little {animal}s watched and giggled.|{His} face got red.|] <sad> "I will never learn to {skill}!" {he} said.

"[I could not do it at first, either|You only need to practice|Nobody can do it the first time]," said {F}. "[I will show you|Watch me|Try it slowly]." {F} showed {H} [what to do, step by step|the first small step|again and again]. {H} practiced every day. {He} practiced [in the sun and in the rain|in the morning and in the evening|before dinner and after dinner]. [Each time, it went a little better.|Some days were hard, but {he} did not give up.]

Then, one {weather} morning, it happened. "[I did it|Look at me|I can do it]!" shouted {H}. {F} cheered, and {his} {e} came out to see. <glad> "I am so proud of you," said {his} {e}. [Soon {H} was teaching a small {animal} to {skill}, too.|Now {H} can {skill} better than anyone.|{H} knew that practice makes hard things easy.] <end>
== race
<open> {He} was [very fast|a good runner]. "Nobody is as fast as I am!" {he} liked to say.

<day>, there was a big race {at_place}. The prize was {a_gift}. {H} and {F} and many others came. "Ready, set, go!" called the {helper}. They all ran. {H} was in front, and {F} was just behind. [The wind was in {his} face.|Everyone cheered.|"I am going to win," {he} thought.]

Then {H} heard a cry. {F} had [tripped over a stone|slipped in the mud|stepped in a hole]. {F}'s leg hurt. {H} looked at the finish line. It was so close! {H} looked back at {F}. [The others ran past and did not stop.|Nobody else stopped.|] {H} [turned around|did not think for long]. "[Are you hurt|Can you stand up|Hold on to me]?" {he} asked. {He} helped {F} to stand, and they walked to the end together, [slowly, step by step|arm in arm]. They were the very last.

But everyone clapped for them. "[The fastest gets the prize|One of them was fast]," said the {helper}, "but {H} gets [a prize for being kind|something special for a good heart]." [The {helper} gave {him} a {color} ribbon.|{H} got a {color} star.] "[Thank you, {H}|You are a true friend]," said {F}. [{H} was happier than any winner.|{H} learned that a friend is better than a prize.|{H} did not say that {he} was the fastest anymore.] <end>
== garden
<open>

<day>, {his} {e} gave {H} a tiny seed. "[Plant it and take care of it|It will grow into something nice|You must wait and be patient]," {ehe} said. {H} [made a hole in the ground|found a sunny place|dug with {his} hands] and put the seed in. {He} gave it some water. Then {he} sat down to wait. [{He} waited all day.|{He} waited and waited.] Nothing happened.

The next day, {H} looked again. There was only dirt. "[It is broken|It does not like me|Maybe it is asleep]!" {he} said. [{He} wanted to dig it up.|{He} wanted to give up.] "Not yet," said {F}. "[Good things take time|It is growing where we cannot see|Seeds are slow]." So every day, {H} gave the seed water. [{He} sang to it.|{He} told it stories.|{He} kept a {animal} from eating it.] It [rained|got warm|was windy], and still {he} took care of it.

Then one morning, there was something green! It got bigger and bigger. It grew and grew until [it was taller than {H}|it had many leaves|it reached the window]. In the end, there was [a big {color} flower on it|a lot of {fruit} to eat]. "[Look what we made|It is so pretty|It was worth the wait]!" said {H}. <glad> [{H} and {F} sat next to it every evening.|{H} gave some new seeds to {F}.|{H} took a seed from it and planted it again.] [{H} learned to be patient.|"Good things take time," {he} said, and {he} smiled.] <end>
== too_much
<open> {H} loved {food} more than anything.

<day>, {his} {e} made a lot of {food}. "[You may have a little|Please wait until dinner|This is for everyone]," said {his} {e}. But it smelled so good! When nobody was looking, {H} [took some|took a little bite]. It was yummy. So {he} took [more, and more, and more|another bite, and another, and another]. [{He} did not share with {F}.|{He} ate and ate.|Soon {his} face was very sticky.] In the end, there was nothing left.

Then {H} did not feel well. {His} tummy hurt. "[Ow, ow|Oh, my tummy]," {he} said. {F} came to play, but {H} could not [get up|play]. <sad> {His} {e} looked at {him} and then at the empty plate. "[Did you eat it all|Is it all gone|Did you eat everything], {H}?" "Yes," said {H} in a small voice. "I am sorry. [Now there is none for you and {F}|I should have waited]."

{His} {e} gave {him} some water and a warm blanket. "[Next time, a little is enough|A little is good, but too much is not]," {ehe} said. The next day, {H} felt better. {He} helped {his} {e} make more {food}, and {he} gave [the biggest part to {F}|some to {F} first|a big plate to {F}]. "[It tastes better when we share|Now we both have some]!" said {H}. [{F} thanked {him}.|They ate slowly, and it was so good.] {H} had learned [to wait|not to be greedy|to share]. <end>
== kite
<open> {He} had a {color} kite with a long tail.

<day>, {H} and {F} took the kite to {the_place}. The wind was strong. Up, up, up it went! [It looked like a bird.|It danced in the sky.|"Look how high it is!" said {F}.] But then the wind pulled too hard, and the kite got stuck in a tall tree. {H} [pulled and pulled|jumped, but {he} could not reach it|shook the tree], but it did not come down. <sad>

"[Maybe I can climb up|Let us throw a stick|We need someone tall]," said {F}. They tried, but [the tree was too high|it did not work|the kite only got more stuck]. Just then, [an old|a big|a friendly] {helper} came by. "[What is the matter|Why are you so sad|Do you need help]?" asked the {helper}. {H} pointed at the tree. "[My kite is stuck|We cannot reach my kite]," {he} said.

The {helper} [thought for a moment.|looked up and smiled.|said, "Hm, let me see."] Then the {helper} [got a long ladder|used a long branch|shook the tree very gently], and the kite came down. It had a small hole, but [{H} could fix it|that was all right]. "Thank you so much!" said {H}. <glad> "[Would you like to fly it with us|Here, you can hold the string]?" {he} asked. [The {helper} laughed and took a turn.|So all three of them flew the kite until evening.] [{H} learned that it is good to ask for help.|From then on, they stayed away from trees.|A bad day had turned into a good one.] <end>
== getting_lost
<open>

<day>, {H} went to {the_place} with {his} {e}. "[Stay close to me|Hold my hand|Do not run away]," said {his} {e}. But {H} saw a pretty {animal} and [ran after it|wanted to see where it went|followed it, one step and then another]. When {he} turned around, {his} {e} was not there. [{H} called, but nobody answered.|Everything looked strange.|{He} did not know the way.] <sad>

{H} remembered what {his} {e} always said. "[If you are lost, stay in one place and ask for help|If you are lost, do not run. Wait, and I will find you]." So {he} sat down {under} and [held {his} {toyn}|sang a little song|counted to ten, again and again]. A [kind|friendly|gentle] {helper} stopped. "Are you lost, little one?" "Yes," said {H}. "[I want my {e}|I cannot find my {e}]." "[Then we will wait here together|I will stay with you|Let us call together]," said the {helper}.

Soon {H} heard a voice. "{H}! Where are you?" It was {his} {e}! "[I am here|Over here]!" shouted {H}. {H} ran into {his} {e}'s arms. "[I was so scared|I looked for you everywhere]," said {his} {e}. "[You did the right thing when you waited|I am so glad that you stayed in one place]." They thanked the {helper} and [went home together|shared some {food} with the {helper}]. [{H} held {his} {e}'s hand all the way.|Now {H} always stays close.] <end>
== snow
<open>

[One winter morning, {H} looked out of the window.|When winter came, {H} looked out of the window one morning.|One cold winter morning, {H} jumped out of bed and ran to the window.] Everything was white! "[It snowed|Snow, snow|Come and look]!" {he} shouted. {H} put on {his} [warm hat|{color} scarf|big coat] and ran out to find {F}. They [made a big snowman|rolled a ball of snow that got bigger and bigger]. It had [a carrot for a nose|two stones for eyes|a stick for each arm]. [They gave it an old {color} hat.|"He needs a name," said {F}. They called him Mr. {pet}.|]

But the next day, the sun was warm. The snowman got smaller and smaller. "[He is melting|Oh no, he is going away|We must help him]!" cried {H}. They [put more snow on him|held up a blanket to keep the sun away|tried to move him under a tree], but it did not help. By evening, there was only [a hat|a puddle|a stick] left. <sad>

"[Where did he go|Will he come back]?" {H} asked. {His} {e} pointed at the puddle. "[The water goes up into the sky, and next winter it comes back as snow|He will be rain, and then he will be snow again]," {ehe} said. {H} [thought about that|looked up at the clouds]. "Then he is not gone," {he} said. "[He is only on a trip|He will come back to us]." {F} [waved at the sky|laughed]. "[Goodbye, snowman|See you next year]!" they called. [And next winter, they made a new one, even bigger.|Then they went inside and had warm {food}.] <end>
== found_money
<open> {H} wanted {a_gift} very much. [{He} looked at it in the window every day.|But {he} had no money.|"One day, I will have one," {he} said.]

<day>, {H} saw something shiny {under}. It was a little {color} purse, and it was full of coins! "Now I can get what I want," {H} thought. [{He} was so excited.|{He} began to run to the shop.] But then {he} saw an old {helper}, who was looking at the ground and [crying|sighing|shaking all over]. "[I lost my purse|My purse is gone]," said the {helper}. "[All my money was in it|Now I cannot buy any food]."

{H} held the purse behind {his} back. {He} wanted {a_gift} so much. But {he} looked at the sad {helper}, and {he} knew [what was right|what {his} {e} would say]. "Is this your purse?" {H} asked. The {helper} [smiled and cried at the same time|could not believe it|jumped for joy]. "[Thank you, honest {kind}|Thank you, thank you]!" said the {helper}. "[You have a good heart|Not everyone would give it back]."

At home, {H} told {his} {e} the story. <hug> "I am proud of you," said {his} {e}. [A week later, there was a box at the door. It was from the {helper}, and inside was {a_gift}!|The next day, the {helper} brought {food} for all of them.] <glad> [It is good to be honest.|{H} was glad that {he} had told the truth.|] <end>
== quarrel
<open> {H} and {F} were best friends and did everything together.

<day>, they wanted to make {a_made}. "[It must be {color}|It must be big|I will be the leader]!" said {H}. "[No, I want to do it my way|No, that is silly|No, it is my turn to choose]!" said {F}. They [shouted at each other|pulled at it from both sides]. Then it broke, and {F} stamped off. "[I do not want to be your friend|I will play alone], then!" said {H}.

[{H} went to {the_place} alone.|{H} played with {his} {toyn} alone.] It was [boring|too quiet]. [There was nobody to laugh with.|{He} saw a funny {animal}, but there was nobody to show it to.] <sad> {He} missed {F}. At the same time, {F} was at home and missed {H}. ["Who should say sorry first?" {H} asked {his} {e}. "[The brave one|It does not matter, as long as someone does]," said {his} {e}.|"What if {F} is still angry?" {H} asked {his} {e}. "[You will only know if you ask|Then say sorry anyway]," said {his} {e}.]

So {H} [ran to {F}|took some {food} and went to {F}]. On the way, {he} met {F}, who was coming to see {him}! "I am sorry!" they both said at the same time. Then they laughed. "[We can do it your way|Let us use both ideas]," said {H}. "[And then my way|And then yours]," said {F}. They made a new {made}, and it was [big and {color}|even better than before]. [A friend is more important than being right.|They still argued sometimes, but they always made up.|] <end>
"""
