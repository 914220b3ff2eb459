"""One-line Bash tasks about text: grep, sed, awk, sort, cut, tr, jq and the shell's own string expansion.

The format is that of `codeling.data.bash_files`.
"""

TEMPLATES = r"""
== grep_basic
[Print|Show|Find] [all|the] lines [in|of] «log» that contain "«pattern»"
Search «log» for "«pattern»"
Which lines of «log» have the text "«pattern»"?
$ grep '«pattern»' «log»
== grep_ignore_case
Search «log» for "«pattern»" ignoring case, with line numbers
[Print|Show] the numbered lines of «log» that contain "«pattern»" in upper or lower case
Case-insensitively find "«pattern»" in «log» and show where
$ grep -in '«pattern»' «log»
== grep_count
Count the lines in «log» that contain "«pattern»"
How many lines of «log» mention "«pattern»"?
[Print|Show] the number of lines with "«pattern»" in «log»
$ grep -c '«pattern»' «log»
== grep_invert
Print the lines of «log» that do not contain "«pattern»"
Show «log» without the lines that mention "«pattern»"
Leave out every line with "«pattern»" from «log»
$ grep -v '«pattern»' «log»
== grep_and_not
Show the lines of «log» with "«pattern»" but without "«pattern_b»"
Print lines in «log» that contain "«pattern»" and do not contain "«pattern_b»"
Search «log» for "«pattern»", ignoring lines that mention "«pattern_b»"
$ grep '«pattern»' «log» | grep -v '«pattern_b»'
== grep_or
Show the lines of «log» that contain "«pattern»" or "«pattern_b»"
Search «log» for either "«pattern»" or "«pattern_b»"
Print every line in «log» with at least one of "«pattern»" and "«pattern_b»"
$ grep -E '«pattern»|«pattern_b»' «log»
== grep_recursive
Search all .«ext» files under «dir» for "«pattern»" with line numbers
Recursively grep the .«ext» files in «dir» for "«pattern»" and show the line numbers
Where in the .«ext» files of «dir» does "«pattern»" occur?
$ grep -rn --include='*.«ext»' '«pattern»' «dir»
== grep_files
List the names of files under «dir» that contain "«pattern»"
Which files in «dir» and its subdirectories mention "«pattern»"?
Recursively find the files in «dir» with the text "«pattern»" and print only their names
$ grep -rl '«pattern»' «dir»
== grep_files_without
List the .«ext» files in «dir» that do not contain "«pattern»"
Which .«ext» files directly in «dir» lack the text "«pattern»"?
Print the names of .«ext» files in «dir» without a line that has "«pattern»"
$ grep -L '«pattern»' «dir»/*.«ext»
== grep_context
Show the lines of «log» with "«pattern»" and «small» lines around each
Print matches of "«pattern»" in «log» with «small» lines of context before and after
Search «log» for "«pattern»", showing «small» lines on both sides
$ grep -C «small» '«pattern»' «log»
== grep_after
Show each line with "«pattern»" in «log» and the «small» lines that follow it
Print «small» lines after every match of "«pattern»" in «log»
Search «log» for "«pattern»" and include the next «small» lines
$ grep -A «small» '«pattern»' «log»
== grep_word
Find "«word»" as a whole word in «file»
Print the lines of «file» that have the exact word "«word»"
Search «file» for the word "«word»", not as part of another word
$ grep -w '«word»' «file»
== grep_start
Print the lines of «file» that start with "«word»"
Which lines in «file» begin with "«word»"?
Search «file» for "«word»" at the beginning of a line
$ grep '^«word»' «file»
== grep_end
Print the lines of «file» that end with "«word»"
Which lines in «file» have "«word»" at the very end?
Search «file» for lines whose last characters are "«word»"
$ grep '«word»$' «file»
== grep_first
Show only the first «n» lines of «log» that contain "«pattern»"
Stop searching «log» for "«pattern»" after «n» matching lines
Print at most «n» lines with "«pattern»" from «log»
$ grep -m «n» '«pattern»' «log»
== grep_ips
Print the distinct IPv4 addresses in the lines of «log» that contain "«pattern»"
Which IP addresses occur in «log» on lines with "«pattern»"?
Extract every different IPv4 address from the "«pattern»" lines of «log»
$ grep '«pattern»' «log» | grep -Eo '([0-9]{1,3}\.){3}[0-9]{1,3}' | sort -u
== grep_quiet
Print "yes" if «file» contains "«word»", otherwise "no"
Say yes or no depending on whether the text "«word»" is in «file»
Test whether «file» mentions "«word»" and print yes or no
$ if grep -q '«word»' «file»; then echo yes; else echo no; fi
== comments_strip
Show «file» without empty lines and without lines that start with a hash sign, first «n» lines only
Print the first «n» lines of «file» that are neither blank nor comments
Leave out comments and empty lines of «file» and stop after «n» lines
$ grep -Ev '^[[:space:]]*(#|$)' «file» | head -n «n»
== sed_replace
Replace "«old»" with "«new»" everywhere in «file», in place
Change every "«old»" to "«new»" in the file «file»
Edit «file» so that all occurrences of "«old»" become "«new»"
$ sed -i 's/«old»/«new»/g' «file»
== sed_replace_backup
Replace every "«old»" by "«new»" in «file» and keep the original as «file».«newext»
In «file», substitute "«new»" for "«old»" and save a backup with the ending .«newext»
Edit «file» in place, turning "«old»" into "«new»", with a .«newext» backup
$ sed -i.«newext» 's/«old»/«new»/g' «file»
== sed_replace_many
Replace "«old»" with "«new»" in all .«ext» files under «dir»
Change "«old»" to "«new»" in every .«ext» file of «dir» and its subdirectories
Recursively substitute "«new»" for "«old»" in the .«ext» files in «dir»
$ find «dir» -type f -name '*.«ext»' -exec sed -i 's/«old»/«new»/g' {} +
== sed_first_only
Print «file» with only the first "«old»" on each line changed to "«new»"
Show «file», replacing "«old»" by "«new»" once a line
Substitute "«new»" for the first "«old»" of every line in «file» and print the result
$ sed 's/«old»/«new»/' «file»
== sed_line
Replace "«old»" with "«new»" only on line «n» of «file»
Print «file» with every "«old»" on line «n» changed to "«new»"
On line «n» of «file», and no other, turn "«old»" into "«new»" and show the result
$ sed '«n»s/«old»/«new»/g' «file»
== sed_delete_pattern
Delete all lines with "«pattern»" from «file»
Remove every line that contains "«pattern»" from the file «file»
Edit «file» in place so that no line mentions "«pattern»"
$ sed -i '/«pattern»/d' «file»
== sed_delete_line
Delete line «n» of «file» in place
Remove the line with number «n» from «file»
Drop line «n» from the file «file»
$ sed -i '«n»d' «file»
== sed_range
Print lines «n» to «m» of «log»
Show only the lines of «log» from number «n» to number «m»
Extract lines «n» through «m» from «log»
$ sed -n '«n»,«m»p' «log»
== sed_append
Add the line "«word»" after every line of «file» that contains "«pattern»"
Insert "«word»" as a new line below each line with "«pattern»" in «file» and print the result
Print «file» with "«word»" added on its own line after lines that mention "«pattern»"
$ sed '/«pattern»/a «word»' «file»
== sed_insert_top
Insert the line "«word»" at the top of «file»
Make "«word»" the new first line of «file»
Put a line that says "«word»" before the first line of «file», in place
$ sed -i '1i «word»' «file»
== sed_trailing
Remove trailing spaces and tabs from every .«ext» file in «dir»
Strip white space at the ends of lines in the .«ext» files in «dir»
Clean the .«ext» files directly in «dir» of white space at line ends, in place
$ sed -i 's/[[:space:]]*$//' «dir»/*.«ext»
== sed_crlf
Convert the Windows line endings of the .«ext» files in «dir» to Unix ones
Remove the carriage return at the end of each line in every .«ext» file in «dir»
Make the .«ext» files in «dir» use plain newlines instead of CRLF
$ sed -i 's/\r$//' «dir»/*.«ext»
== sed_between
Print the lines of «log» from the first "«pattern»" to the next "«pattern_b»"
Show the part of «log» that starts with a line with "«pattern»" and ends with one that has "«pattern_b»"
Extract each block of «log» between lines that match "«pattern»" and "«pattern_b»", both included
$ sed -n '/«pattern»/,/«pattern_b»/p' «log»
== sed_comment
Comment out the lines of «file» that contain "«pattern»" by putting a hash sign in front
Put "# " at the start of every line with "«pattern»" in «file», in place
Turn each line of «file» that mentions "«pattern»" into a comment
$ sed -i '/«pattern»/s/^/# /' «file»
== awk_column
Print the «col» column of «file»
Show only the «col» field of each line in «file»
Extract the «col» white-space separated column from «file»
$ awk '{print $«col#»}' «file»
== awk_csv_column
Print the «col» column of the comma-separated file «csv»
Show field number «col#» of every row of «csv»
Extract the «col» field from «csv»
$ awk -F ',' '{print $«col#»}' «csv»
== awk_sum
Add up the «col» column of «csv»
What is the sum of the «col» comma-separated field in «csv»?
Compute the total of column «col#» of the CSV file «csv»
$ awk -F ',' '{total += $«col#»} END {print total + 0}' «csv»
== awk_average
Compute the average of the «col» column of «csv», skipping the header line
What is the mean of column «col#» in «csv», not counting its first line?
Print the arithmetic mean of the «col» field of «csv» without the header
$ awk -F ',' 'NR > 1 {total += $«col#»; count++} END {if (count) print total / count}' «csv»
== awk_max
Print the largest value in the «col» column of «csv», not counting the header
What is the maximum of column «col#» of «csv», skipping its first line?
Find the biggest number in the «col» field of «csv» below the header
$ awk -F ',' 'NR == 2 || (NR > 2 && $«col#» + 0 > max) {max = $«col#» + 0} END {print max}' «csv»
== awk_filter_greater
Print the rows of «csv» whose «col» column is greater than «number»
Show the lines in «csv» where field «col#» exceeds «number»
Which rows of «csv» have a value above «number» in the «col» column?
$ awk -F ',' '$«col#» + 0 > «number»' «csv»
== awk_filter_equal
Print the rows of «csv» whose «col» column is exactly "«word»"
Show the lines in «csv» where field «col#» equals "«word»"
Which rows of «csv» have "«word»" in the «col» column?
$ awk -F ',' '$«col#» == "«word»"' «csv»
== awk_count_group
Count how often each value of the «col» column occurs in «csv»
For every distinct value in field «col#» of «csv», print how many rows have it
Show the number of rows for each value of the «col» column of «csv»
$ awk -F ',' '{count[$«col#»]++} END {for (value in count) print count[value], value}' «csv»
== awk_sum_group
For each value in the «col_b» column of «csv», add up the «col» column
Sum field «col#» of «csv» grouped by field «col_b#»
Print the total of the «col» column for every distinct value of the «col_b» column in «csv»
$ awk -F ',' '{total[$«col_b#»] += $«col#»} END {for (value in total) print value, total[value]}' «csv»
== awk_long_lines
Print the lines of «file» that are longer than «number» characters
Which lines of «file» have more than «number» characters?
Show every line in «file» whose length exceeds «number», with its line number
$ awk 'length($0) > «number» {print NR ": " $0}' «file»
== awk_every_nth
Print every «nth» line of «log»
Show only the lines of «log» whose number is a multiple of «nth#»
Take each «nth» line from «log»
$ awk 'NR % «nth#» == 0' «log»
== awk_dedupe
Remove duplicate lines from «file» without sorting and write the result to «out»
Keep the first of each repeated line of «file», in the original order, and save to «out»
Write the distinct lines of «file» to «out» in the order they first appear
$ awk '!seen[$0]++' «file» > «out»
== awk_status
Count the requests in the access log «log» by the value of field «col#»
Print how often each value of the «col» field appears in «log», most frequent first
Show a frequency table of column «col#» in «log», largest count first
$ awk '{print $«col#»}' «log» | sort | uniq -c | sort -rn
== awk_swap
Print «csv» with the «col» and the «col_b» column swapped
Exchange fields «col#» and «col_b#» of the CSV file «csv»
Swap the «col» column of «csv» with the «col_b» one and print the result
$ awk -F ',' -v OFS=',' '{t = $«col#»; $«col#» = $«col_b#»; $«col_b#» = t; print}' «csv»
== sort_numeric
Sort «csv» numerically by its «col» column, [largest|highest] first
Order the rows of «csv» by field «col#» as numbers, in descending order
Print «csv» sorted by the number in the «col» column from high to low
$ sort -t ',' -k «col#»,«col#»nr «csv»
== sort_unique
Sort «file» and remove duplicate lines, saving the result in «out»
Write the sorted distinct lines of «file» to «out»
Put each different line of «file» once, in order, into «out»
$ sort -u «file» > «out»
== sort_reverse
Sort «file» in reverse order and show the first «n» lines
Print the last «n» lines of «file» in alphabetical order, last one first
Order «file» from Z to A and stop after «n» lines
$ sort -r «file» | head -n «n»
== sort_merge
Join the lines of «file» and «file_b», sort them and remove duplicates
Print the sorted union of the lines of «file» and «file_b»
Merge «file» with «file_b» into one sorted list of distinct lines
$ sort -u «file» «file_b»
== sort_human
Sort the output of du for «dir» by human-readable size, smallest first, and show the last «n» lines
Show disk usage of everything in «dir» with the «n» largest entries at the end
List the «n» biggest entries of «dir» by disk usage, the biggest last
$ du -sh «dir»/* | sort -h | tail -n «n»
== uniq_count
Count how often each line occurs in «file», most frequent first
Show the number of repetitions of every line of «file» in descending order
Make a frequency table of the lines in «file»
$ sort «file» | uniq -c | sort -rn
== uniq_top
Print the «n» most frequent lines of «log»
Which «n» lines occur most often in «log»?
Show the top «n» repeated lines of «log» with their counts
$ sort «log» | uniq -c | sort -rn | head -n «n»
== uniq_dupes
Print the lines that occur more than once in «file» or «file_b» taken together
Which lines are repeated when «file» and «file_b» are put together?
Show each duplicated line of «file» and «file_b» once
$ sort «file» «file_b» | uniq -d
== comm_only
Print the lines that are in «file» but not in «file_b»
Which lines of «file» are missing from «file_b»?
Show what «file» has that «file_b» has not, line by line
$ comm -23 <(sort «file») <(sort «file_b»)
== comm_common
Print the lines that «file» and «file_b» have in common
Which lines are in both «file» and «file_b»?
Show the intersection of the lines of «file» and «file_b»
$ comm -12 <(sort «file») <(sort «file_b»)
== cut_field
Print the «col» field of «file», where fields are separated by «sep»
Cut column «col#» out of «file», which is delimited by «sep»
Show only the «col» part of each line of «file» split at «sep»
$ cut -d '«sep»' -f «col#» «file»
== cut_chars
Print the first «n» characters of every line of «file»
Show only characters 1 to «n» of each line in «file»
Cut every line in «file» off after «n» characters
$ cut -c 1-«n» «file»
== cut_from
Print «csv» from the «col» column to the end of each line
Drop the columns of «csv» before the «col» one
Show field «col#» and all later ones of the comma-separated file «csv»
$ cut -d ',' -f «col#»- «csv»
== users_shell
Print the names of the accounts in /etc/passwd whose number is at least «number», «n» at most
List up to «n» users of this machine with a user id of «number» or more
Show no more than «n» login names from /etc/passwd with uid «number» and above
$ awk -F ':' '$3 >= «number» {print $1}' /etc/passwd | head -n «n»
== tr_upper
Convert «file» to upper case and save it as «out»
Write «file» in capital letters to «out»
Make an upper-case copy of «file» called «out»
$ tr '[:lower:]' '[:upper:]' < «file» > «out»
== tr_delete
Remove every «char» from «file» and print the result
Print «file» without any «char» in it
Delete all characters that are a «char» from the text of «file»
$ tr -d '«char»' < «file»
== tr_squeeze
Split «file» into one word a line and count the words that contain "«word»"
How many words of «file» contain "«word»"?
Count the white-space separated words in «file» that have "«word»" in them
$ tr -s '[:space:]' '\n' < «file» | grep -c '«word»'
== tr_words
Print the «n» most common words of «file», ignoring case
Which «n» words occur most often in «file» when case does not matter?
Count the words in «file» in lower case and show the top «n»
$ tr '[:upper:]' '[:lower:]' < «file» | grep -oE '[[:alpha:]]+' | sort | uniq -c | sort -rn | head -n «n»
== tr_replace
Replace each «char» in «file» with a newline and save the result in «out»
Split «file» into lines at every «char», writing to «out»
Put each part of «file» between one «char» and the next on its own line in «out»
$ tr '«char»' '\n' < «file» > «out»
== wc_lines
Print the number of lines in each .«ext» file of «dir»
How many lines do the .«ext» files directly in «dir» have?
Count lines in every .«ext» file in «dir», with a total
$ wc -l «dir»/*.«ext»
== wc_words
Print only the number of words in «file» and «file_b» together
How many words do «file» and «file_b» have in all?
Count the words of «file» and «file_b» as if they were one text
$ cat «file» «file_b» | wc -w
== head_lines
Print the first «lines» of «log»
Show the top «lines» of the file «log»
Display only the first «lines» of «log»
$ head -n «lines» «log»
== tail_lines
Print the last «lines» of «log»
Show the final «lines» of the file «log»
Display only the last «lines» of «log»
$ tail -n «lines» «log»
== tail_follow
Follow «log» and show only new lines that contain "«pattern»"
Watch «log» as it grows, printing lines with "«pattern»"
Keep printing lines added to «log» that mention "«pattern»", also after the file is rotated
$ tail -F «log» | grep --line-buffered '«pattern»'
== tail_from
Print «csv» from line «n» to the end
Skip everything before line «n» of «csv»
Show «csv» starting at line number «n»
$ tail -n +«n» «csv»
== head_all_but
Print «file» without its last «lines»
Show everything but the final «lines» of «file»
Leave the last «lines» of «file» away
$ head -n -«lines» «file»
== one_line
Print only line «n» of «log»
Show line number «n» of the file «log» and stop reading there
What does line «n» of «log» say?
$ sed -n '«n»{p;q}' «log»
== paste_files
Put «file» and «file_b» side by side with a «char» between the columns
Join each line of «file» with the same line of «file_b», separated by a «char»
Merge the lines of «file» and «file_b» in pairs with a «char» in between
$ paste -d '«char»' «file» «file_b»
== paste_join
Join all lines of «file» into one, separated by a «char»
Print the lines of «file» as a single line with a «char» between them
Turn the list in «file» into one line, putting a «char» between the items
$ paste -sd '«char»' «file»
== nl_file
Number the lines of «file», empty ones too, and save the result as «out»
Write «file» with line numbers to «out»
Add a number to every line of «file» and store it in «out»
$ nl -ba «file» > «out»
== rev_tac
Print the lines of «log» in reverse order and stop after «n»
Show the last «n» lines of «log», the last one first
Print «n» lines of «log» starting from the end and going up
$ tac «log» | head -n «n»
== shuf_lines
Pick «n» random lines from «file»
Print a random sample of «n» lines of «file»
Choose «n» lines of «file» at random, each at most once
$ shuf -n «n» «file»
== seq_sum
Add up the whole numbers from «n» to «m»
What is the sum of all integers between «n» and «m», both included?
Print the sum «n» + ... + «m» of consecutive integers
$ seq «n» «m» | awk '{total += $1} END {print total}'
== column_table
Show the comma-separated file «csv» as an aligned table, first «n» rows only
Print the first «n» lines of «csv» in neat columns
Format the top «n» rows of «csv» as a table
$ head -n «n» «csv» | column -t -s ','
== fold_lines
Wrap the lines of «file» at «n» characters, breaking at spaces
Fold «file» to a width of «n» without cutting words
Reformat «file» so that lines have no more than «n» characters where a space allows it
$ fold -s -w «n» «file»
== jq_field
Print the value of "«key»" in «json»
Show the field «key» of the JSON object in «json», without quotes
Extract "«key»" from the JSON file «json» as raw text
$ jq -r '.«key»' «json»
== jq_array_field
Print the "«key»" of every element of the JSON array in «json»
List the field «key» of all objects in the array «json»
Extract each item's "«key»" from the array in «json», one a line
$ jq -r '.[].«key»' «json»
== jq_select
Print the objects in the array of «json» whose "«key»" is "«word»"
Which elements of the JSON array in «json» have «key» equal to "«word»"?
Filter the array in «json» for items with "«key»" set to "«word»"
$ jq '.[] | select(.«key» == "«word»")' «json»
== jq_length
How many elements of the array in «json» have a "«key»"?
Count the objects in the JSON array «json» in which «key» is neither null nor false
Print the number of items in «json» whose field «key» is set
$ jq '[.[] | select(.«key»)] | length' «json»
== jq_sort
Sort the JSON array in «json» by "«key»" and write it to «out»
Write the objects of the array «json», ordered by their «key», to «out»
Order the array in «json» by the field "«key»" and save it as «out»
$ jq 'sort_by(.«key»)' «json» > «out»
== jq_set
Set "«key»" to "«word»" in «json» and print the result
Print the object in «json» with the field «key» changed to "«word»"
Show «json» with its "«key»" replaced by the string "«word»"
$ jq --arg v '«word»' '.«key» = $v' «json»
== jq_csv
Convert the array in «json» to CSV with the fields id and «field»
Print id and «field» of each object in the array «json» as comma-separated values
Turn the JSON array in «json» into CSV lines of id and "«field»"
$ jq -r '.[] | [.id, .«field»] | @csv' «json»
== jq_delete
Remove the field "«key»" from every object of the array in «json»
Print the JSON array in «json» without the "«key»" of its elements
Delete «key» from each item in the array «json» and show the result
$ jq 'map(del(.«key»))' «json»
== jq_group
Count the elements of the array in «json» for each value of "«key»"
How many objects in the array «json» share each «key»?
Group the JSON array in «json» by "«key»" and print every value with its count, separated by a tab
$ jq -r 'group_by(.«key»)[] | [.[0].«key», length] | @tsv' «json»
== xargs_delete
Delete the files whose names are listed in «file», «small» at a time
Remove every file named in «file», one name a line, passing «small» names to each rm
Read file names from the lines of «file» and delete those files in groups of «small»
$ xargs -d '\n' -n «small» rm -f -- < «file»
== xargs_parallel
Compress all .«ext» files in «dir» with gzip, «small» at the same time
Gzip every .«ext» file under «dir» in «small» parallel processes
Run gzip on the .«ext» files in «dir» with «small» jobs in parallel
$ find «dir» -type f -name '*.«ext»' -print0 | xargs -0 -P «small» -n 1 gzip
== xargs_grep
Search the files listed in «file» for "«pattern»", printing only the names of those that match
Which of the files named in «file» contain "«pattern»"?
Read file names from «file», one a line, and list the ones with "«pattern»" in them
$ xargs -d '\n' grep -l '«pattern»' < «file»
== str_upper
Print the variable «var» in upper case and then "«word»"
Show the value of $«var» with all letters capitalised and "«word»" after it
Convert the variable «var» to upper case and print it, followed by "«word»"
$ echo "${«var»^^} «word»"
== str_replace_all
Print the variable «var» with every "«old»" replaced by "«new»"
Replace all occurrences of "«old»" in $«var» with "«new»" using parameter expansion
Show $«var» with "«new»" in place of each "«old»"
$ echo "${«var»//«old»/«new»}"
== str_default
Print the variable «var», or "«word»" if it is unset or empty
Show $«var» with the default "«word»"
Echo «var», falling back to "«word»" when it has no value
$ echo "${«var»:-«word»}"
== str_substring
Print the first «n» characters of the variable «var»
Show the leading «n» characters of $«var»
Take a substring of «var» with length «n» from its start
$ echo "${«var»:0:«n»}"
== str_length
Print "«word»" if the variable «var» is longer than «n» characters
Test whether $«var» has more than «n» characters and, if so, print "«word»"
Echo "«word»" when the length of «var» exceeds «n»
$ if (( ${#«var»} > «n» )); then echo "«word»"; fi
== str_starts
Print "«word»" if the variable «var» starts with "«old»"
Echo "«word»" when $«var» begins with "«old»"
Check whether «var» has the prefix "«old»" and then print "«word»"
$ [[ $«var» == «old»* ]] && echo "«word»"
== str_strip_suffix
Print the variable «var» without a final ".«ext»"
Remove the suffix .«ext» from $«var» and print the rest
Strip .«ext» off the end of «var» and show it
$ echo "${«var»%.«ext»}"
== str_repeat
Print "«word»" «n» times, each on its own line
Write the line "«word»" «n» times
Repeat "«word»" on «n» lines
$ for _ in {1..«n»}; do echo "«word»"; done
== printf_pad
Print "«word»" right-aligned in «n» columns
Pad "«word»" with spaces on the left to a width of «n»
Format "«word»" to be at least «n» characters wide, aligned to the right
$ printf '%«n»s\n' '«word»'
== heredoc_file
Write the lines "«word»" and "«pattern»" to «out» with a here-document
Use a here-document to create «out» with "«word»" on the first line and "«pattern»" on the second
Create the file «out» from a here-document with two lines, "«word»" and "«pattern»"
$ cat > «out» <<'EOF'
«word»
«pattern»
EOF
== append_line
Add the line "«word»" to the end of «file» unless it is already there
Append "«word»" to «file» if no line is exactly that
Make sure that «file» has a line "«word»", adding it when missing
$ grep -qxF '«word»' «file» || echo '«word»' >> «file»
== read_loop
Print each line of «file» with "«word»: " in front of it
Read «file» line by line and echo every line after "«word»: "
Loop over the lines of «file» and print them with the prefix "«word»: "
$ while IFS= read -r line; do printf '«word»: %s\n' "$line"; done < «file»
== arithmetic
Print «m» divided by «n» with «small» digits after the point
Compute «m» / «n» to «small» decimal places
What is «m» over «n», cut off after «small» decimals?
$ echo 'scale=«small»; «m» / «n»' | bc
== arithmetic_shell
Print «n» times «m» plus «number» using shell arithmetic
Compute «n» * «m» + «number» in Bash
What is «n» multiplied by «m», plus «number»?
$ echo $(( «n» * «m» + «number» ))
== base64_string
Encode the text "«word» «pattern»" in base64
Print the base64 form of "«word» «pattern»", without a newline in the input
Convert the string "«word» «pattern»" to base64
$ printf '%s' '«word» «pattern»' | base64
== join_array
Print the words «word», «old» and «new» joined by a «char»
Join an array of «word», «old» and «new» with a «char» in between
Make an array with the items «word», «old» and «new», and print it as one line with a «char» as separator
$ items=('«word»' '«old»' '«new»'); (IFS='«char»'; echo "${items[*]}")
"""
