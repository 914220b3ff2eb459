"""One-line Bash tasks about files: find, list, copy, move, archive, permissions, disk space.

The format is read by `codeling.data.bash_tasks`: ``== family``, then instructions (``[a|b]`` is a choice, ``«slot»``
a word from `codeling.data.bash_words`), then ``$ `` and the command.
"""

TEMPLATES = r"""
== find_larger
[Find|List|Show] all files [larger|bigger] than «size» in «dir»
Which files [under|in] «dir» are larger than «size»?
Search «dir» for files that are bigger than «size»
$ find «dir» -type f -size +«size»
== find_smaller
[Find|List] files in «dir» and its subdirectories that are smaller than «bytesize» and end in .«ext»
[Search|Look in] «dir» for .«ext» files of less than «bytesize»
Print every .«ext» file under «dir» whose size is below «bytesize»
$ find «dir» -type f -name '*.«ext»' -size -«bytesize»
== find_ext
[Find|List|Print] all .«ext» files [in|under] «dir»
[Recursively search|Search] «dir» for files that end in .«ext»
Which files under «dir» have the extension .«ext»?
$ find «dir» -type f -name '*.«ext»'
== find_ext_ignore_case
[Find|List] all .«ext» files in «dir», ignoring upper and lower case
Search «dir» for .«ext» files without regard to case
Case-insensitively find files named *.«ext» under «dir»
$ find «dir» -type f -iname '*.«ext»'
== find_two_ext
Find files in «dir» that end in .«ext» or .«newext»
[List|Show] all .«ext» and .«newext» files under «dir»
Search «dir» for files with the extension .«ext» or .«newext»
$ find «dir» -type f \( -name '*.«ext»' -o -name '*.«newext»' \)
== find_recent
[Find|List|Show] .«ext» files in «dir» [changed|modified] in the last «days»
Which .«ext» files under «dir» were modified less than «days» ago?
Search «dir» for .«ext» files with changes from the past «days»
$ find «dir» -type f -name '*.«ext»' -mtime -«days»
== find_recent_minutes
[Find|List] files in «dir» [changed|modified] in the last «minutes»
Which files under «dir» were modified less than «minutes» ago?
Show everything in «dir» that was written within the past «minutes», files only
$ find «dir» -type f -mmin -«minutes»
== delete_old
[Delete|Remove] .«ext» files in «dir» that are older than «days»
Clean up «dir»: [delete|remove] every .«ext» file not modified for more than «days»
[Erase|Get rid of] all .«ext» files under «dir» last changed more than «days» ago
$ find «dir» -type f -name '*.«ext»' -mtime +«days» -delete
== find_empty_files
[Find|List] empty .«ext» files in «dir»
Which .«ext» files under «dir» have no content?
Search «dir» for zero-byte .«ext» files
$ find «dir» -type f -name '*.«ext»' -empty
== delete_empty_dirs
[Delete|Remove] all empty directories [in|under] «dir» at most «small» levels deep
Clean «dir» of empty folders, going down no further than «small» levels
Find directories without content up to «small» levels below «dir» and delete them
$ find «dir» -mindepth 1 -maxdepth «small» -type d -empty -delete
== find_depth
[Find|List] .«ext» files in «dir», at most «small» levels deep
Search for .«ext» files under «dir» without going deeper than «small» levels
Print the .«ext» files within «small» directory levels of «dir»
$ find «dir» -maxdepth «small» -type f -name '*.«ext»'
== find_name_start
[Find|List] files in «dir» whose names [start|begin] with "«name»"
Search «dir» for files named «name» followed by anything
Which files under «dir» have a name that begins with "«name»"?
$ find «dir» -type f -name '«name»*'
== find_name_contains
[Find|List] everything in «dir» whose name contains "«name»", in any case
Search «dir» for [files and directories|entries] with "«name»" in the name, ignoring case
Which paths under «dir» have a last component that contains "«name»", upper or lower case?
$ find «dir» -iname '*«name»*'
== find_user
[Find|List] all files in «dir» [owned by|that belong to] «user»
Which files under «dir» belong to the user «user»?
Search «dir» for files whose owner is «user»
$ find «dir» -type f -user «user»
== find_group_dirs
[Find|List] directories in «dir» that belong to the group «group»
Which directories under «dir» are owned by the group «group»?
Search «dir» for folders of the group «group»
$ find «dir» -type d -group «group»
== find_not_user
[Find|List] files in «dir» that are not owned by «user»
Which files under «dir» belong to somebody other than «user»?
Search «dir» for files whose owner is not «user»
$ find «dir» -type f ! -user «user»
== find_perm
[Find|List] .«ext» files in «dir» that everyone can write
Which .«ext» files under «dir» are world-writable?
Search «dir» for .«ext» files with write permission for others
$ find «dir» -type f -name '*.«ext»' -perm -o=w
== find_exclude
[Find|List] .«ext» files in «dir», skipping the directory «name»
Search «dir» for .«ext» files but do not descend into directories called «name»
Print all .«ext» files under «dir» except those in a folder named «name»
$ find «dir» -type d -name «name» -prune -o -type f -name '*.«ext»' -print
== find_count
[Count|Print the number of] .«ext» files in «dir» and its subdirectories
How many .«ext» files are there under «dir»?
Tell me how many files in «dir» end in .«ext»
$ find «dir» -type f -name '*.«ext»' | wc -l
== find_exec_grep
[Find|List] the .«ext» files in «dir» that contain "«pattern»"
Which .«ext» files under «dir» have the text "«pattern»" in them?
Print the names of all .«ext» files below «dir» that mention "«pattern»"
$ find «dir» -type f -name '*.«ext»' -exec grep -l '«pattern»' {} +
== find_newer
[Find|List] files in «dir» that are newer than «file»
Which files under «dir» were modified after «file»?
Search «dir» for files changed more recently than «file»
$ find «dir» -type f -newer «file»
== find_copy
[Copy|Collect] all .«ext» files [from|under] «dir» into «target»
Find every .«ext» file in «dir» and copy it to the directory «target»
Gather the .«ext» files of «dir» and its subdirectories in «target»
$ find «dir» -type f -name '*.«ext»' -exec cp -t «target» {} +
== find_move_old
Move .«ext» files older than «days» from «dir» to «target»
Find the .«ext» files in «dir» not modified for more than «days» and move them to «target»
Put every .«ext» file under «dir» that was last changed more than «days» ago into «target»
$ find «dir» -type f -name '*.«ext»' -mtime +«days» -exec mv -t «target» {} +
== find_largest
[Show|List] the «n» largest files [in|under] «dir» with their sizes in bytes
What are the «n» biggest files under «dir»?
Print the size and path of the «n» largest files below «dir», largest first
$ find «dir» -type f -printf '%s %p\n' | sort -rn | head -n «n»
== find_newest
[Show|List] the «n» most recently modified files under «dir»
What are the «n» newest files in «dir» and its subdirectories?
Print the paths of the «n» files below «dir» that changed last, newest first
$ find «dir» -type f -printf '%T@ %p\n' | sort -rn | head -n «n» | cut -d ' ' -f 2-
== find_chmod_files
Set the permissions of all files under «dir» to «perm»
Give every file in «dir» and its subdirectories «perm»
Find all regular files in «dir» and change their mode to «perm»
$ find «dir» -type f -exec chmod «perm» {} +
== find_wc
Count the total number of lines in all .«ext» files under «dir»
How many lines do the .«ext» files in «dir» have altogether?
Print the sum of the line counts of every .«ext» file below «dir»
$ find «dir» -type f -name '*.«ext»' -exec cat {} + | wc -l
== find_links
[Find|List] broken symbolic links in «dir» at most «small» levels deep
Which symbolic links within «small» levels of «dir» point to nothing?
Show dangling symlinks under «dir», going down «small» levels
$ find «dir» -maxdepth «small» -xtype l
== list_by_size
List the «small» largest entries of «dir» by size, in a readable form
Show the long listing of «dir» sorted by size, the first «small» entries only
Print the «small» biggest files directly in «dir» with human-readable sizes
$ ls -lhS «dir» | tail -n +2 | head -n «small»
== list_by_time
[Show|List] the «n» newest entries in «dir»
Which «n» entries of «dir» were changed most recently?
Print the names in «dir» by modification time, newest first, and stop after «n»
$ ls -t «dir» | head -n «n»
== list_hidden
List «dir» in long form, including hidden files, oldest «small» entries first
Show the «small» oldest entries of «dir», hidden ones too, with details
Print the long listing of the «small» entries of «dir» that were changed longest ago, dot files included
$ ls -lAtr «dir» | tail -n +2 | head -n «small»
== mkdir_parents
Create the directory «newdir» in «target», with all missing parents
Make the nested directories «newdir» under «target» in one command
[Create|Make] «newdir» inside «target» even when the folders above it do not exist
$ mkdir -p «target»/«newdir»
== mkdir_perm
Create the directory «newdir», creating missing parents too, and give it «perm»
Make «newdir» and its missing parents, the new directory with «perm»
Make a directory called «newdir» that has «perm», creating parents as needed
$ mkdir -p -m «perm» «newdir»
== mkdir_numbered
Create «n» directories named «name»-1 to «name»-«n»
Make numbered folders from «name»-1 up to «name»-«n»
Use brace expansion to create the directories «name»-1 through «name»-«n»
$ mkdir -p «name»-{1..«n»}
== touch_numbered
Create «n» empty files named «name»1.«ext» to «name»«n».«ext»
Make the empty files «name»1.«ext» through «name»«n».«ext»
Touch numbered files «name»1.«ext», «name»2.«ext» and so on up to «n»
$ touch «name»{1..«n»}.«ext»
== touch_date
Set the modification time of «file» to «days» ago
Make «file» look as if it was last changed «days» ago
Change the timestamp of «file» to «days» before now
$ touch -d '«days» days ago' «file»
== truncate_size
Create a file called «name».«ext» that is exactly «bigsize» long, filled with zeros
Make the sparse file «name».«ext» with a size of «bigsize»
Set the size of «name».«ext» to «bigsize»
$ truncate -s «bigsize» «name».«ext»
== cp_backup
Make a copy of «file» called «file».«newext»
Copy «file» to the same name with .«newext» at the end
Back up «file» as «file».«newext», keeping its timestamps and permissions
$ cp -p «file»{,.«newext»}
== cp_recursive
Copy the directory «folder» with everything in it to «target», keeping permissions and times
Recursively copy «folder» into «target» and preserve all attributes
Archive-copy «folder» to «target»
$ cp -a «folder» «target»
== cp_no_clobber
Copy all .«ext» files from «dir» to «target» without overwriting anything
Copy the .«ext» files in «dir» into «target», leaving existing files alone
Put copies of the .«ext» files of «dir» in «target», but never replace a file
$ cp -n «dir»/*.«ext» «target»/
== mv_ext
[Move|Transfer] all .«ext» files from «dir» to «target»
Put every .«ext» file that lies directly in «dir» into «target»
Relocate the .«ext» files of «dir» to the directory «target»
$ mv «dir»/*.«ext» «target»/
== rename_ext
Rename all .«ext» files in the current directory to .«newext»
Change the extension of every .«ext» file here to .«newext»
Give all files ending in .«ext» the ending .«newext» instead
$ for f in *.«ext»; do mv -- "$f" "${f%.«ext»}.«newext»"; done
== rename_prefix
Add the prefix "«name»-" to [all|every] .«ext» file[s|] in the current directory
Rename every .«ext» file here so that its name starts with "«name»-"
Put "«name»-" in front of the names of all .«ext» files in this directory
$ for f in *.«ext»; do mv -- "$f" "«name»-$f"; done
== rename_spaces
Replace spaces with «joiner» in the names of all .«ext» files in this directory
Rename the .«ext» files here so that every space becomes «joiner»
Get rid of spaces in .«ext» file names by turning each into «joiner»
$ for f in *' '*.«ext»; do mv -- "$f" "${f// /«joiner»}"; done
== rename_lower
Rename all .«ext» files in «folder» to lower case names
Make the names of the .«ext» files in «folder» lower case
Convert every .«ext» file name in «folder» to lower case, without overwriting
$ for f in «folder»/*.«ext»; do n=${f##*/}; [ "$n" = "${n,,}" ] || mv -n -- "$f" "«folder»/${n,,}"; done
== rm_ext
[Delete|Remove] all .«ext» files in «dir», but not in its subdirectories
Erase the files ending in .«ext» directly inside «dir»
Remove .«ext» files from «dir» without recursion, and do not complain when there are none
$ rm -f «dir»/*.«ext»
== rm_except
Delete every file in «dir» except the .«ext» files, leaving subdirectories alone
Remove all files directly in «dir» that do not end in .«ext»
Keep only the .«ext» files in «dir» and delete the other files there
$ find «dir» -maxdepth 1 -type f ! -name '*.«ext»' -delete
== ln_symlink
Create a symbolic link called «name» that points to «folder»
Make «name» a symlink to «folder»
Link the name «name» to the directory «folder» symbolically, replacing an old link
$ ln -sfn «folder» «name»
== ln_file
Make a hard link to «file» called «out»
Create «out» as a second name of «file» by a hard link
Hard-link «file» under the name «out»
$ ln «file» «out»
== chmod_file
Give «script» [the permissions|these permissions]: «perm»
Change the mode of «script» to «perm»
Set «script» to «perm»
$ chmod «perm» «script»
== chmod_exec
Make «script» in «dir» executable for its owner
Let the owner of «dir»/«script» run it
Add the execute permission for the user to «script» in «dir»
$ chmod u+x «dir»/«script»
== chmod_remove
Take away write permission on «file» in «dir» from the group and from others
Remove the write permission of group and others from «dir»/«file»
Make sure that only the owner can write «file» in «dir»
$ chmod go-w «dir»/«file»
== chmod_recursive
Recursively let the group read everything in «folder» and enter its directories, and shut others out
Give the group read access to all of «folder», with search permission on directories, and nothing to others
Change «folder» and its content so that the group may read and others may do nothing
$ chmod -R g+rX,o-rwx «folder»
== chown_recursive
[Change|Set] the owner of «folder» and everything in it to «user» and the group to «group»
Recursively give «folder» to the user «user» and the group «group»
Make «user» the owner and «group» the group of all files in «folder»
$ sudo chown -R «user»:«group» «folder»
== chgrp_file
Change the group of «file» in «dir» to «group»
Hand «dir»/«file» over to the group «group»
Make «group» the group of «file» in «dir»
$ chgrp «group» «dir»/«file»
== stat_mode
Print the permissions in octal, the owner and the name of each .«ext» file in «dir»
Show mode, owner and name of the .«ext» files in «dir»
For every .«ext» file in «dir», display its numeric permissions and its owner
$ stat -c '%a %U %n' «dir»/*.«ext»
== stat_size
Print the size of «file» in «dir» in bytes
How many bytes is «file» in «dir»?
Show only the byte count of «dir»/«file»
$ wc -c < «dir»/«file»
== du_total
Show the total size of «folder» together with «target» in a readable form
How much disk space do «folder» and «target» take together?
Print the human-readable disk usage of «folder» and «target» with a grand total
$ du -shc «folder» «target»
== du_top
[Show|List] the «n» largest [subdirectories|directories] of «dir» by disk usage
Which «n» subdirectories of «dir» take the most space?
Print the disk usage of the directories in «dir», largest first, only the top «n»
$ du -h --max-depth=1 «dir» | sort -rh | head -n «n»
== du_depth
Show the disk usage of «dir» down to «small» levels, in megabytes
Print how many megabytes each directory under «dir» uses, «small» levels deep
Report directory sizes in megabytes for «small» levels of «dir»
$ du -m --max-depth=«small» «dir»
== df_dir
How much free space is left on the file system of «dir»?
Show the available disk space where «dir» is stored
Print the disk usage of the file system that holds «dir» in human-readable units
$ df -h «dir»
== df_over
List mounted file systems that are more than «percent» percent full
Which file systems have used more than «percent» percent of their space?
Show the mount point and usage of every file system over «percent» percent
$ df -P | awk 'NR > 1 && $5 + 0 > «percent» {print $6, $5}'
== tar_create
Create a [compressed|gzip-compressed] tar archive of «folder» named «archive».tar.gz
Pack «folder» into «archive».tar.gz
Archive the directory «folder» as «archive».tar.gz with gzip compression
$ tar -czf «archive».tar.gz «folder»
== tar_exclude
Archive «folder» as «archive».tar.gz, leaving out .«ext» files
Create «archive».tar.gz from «folder» without any .«ext» files
Pack «folder» into «archive».tar.gz but exclude everything that ends in .«ext»
$ tar -czf «archive».tar.gz --exclude='*.«ext»' «folder»
== tar_extract
Extract «archive».tar.gz into «target»
Unpack «archive».tar.gz to the directory «target»
Decompress the archive «archive».tar.gz so that its files land in «target»
$ tar -xzf «archive».tar.gz -C «target»
== tar_list
List the .«ext» files in «archive».tar.gz without extracting anything
Which .«ext» files does «archive».tar.gz contain?
Show the names in the archive «archive».tar.gz that end in .«ext»
$ tar -tzf «archive».tar.gz | grep '\.«ext»$'
== tar_xz
Create «archive».tar.xz from the .«ext» files in the current directory
Pack all .«ext» files here into an xz-compressed tar archive called «archive».tar.xz
Compress the .«ext» files of this directory into «archive».tar.xz
$ tar -cJf «archive».tar.xz -- *.«ext»
== tar_dated
Archive «folder» into «target» with today's date in the file name «archive»
Make a gzip-compressed tar archive of «folder» in «target» called «archive» plus the current date
Back up «folder» to «target»/«archive» followed by the date of today
$ tar -czf «target»/«archive»-"$(date +%F)".tar.gz «folder»
== tar_one_file
Extract only «file» from «archive».tar.gz
Get the single file «file» out of the archive «archive».tar.gz
Unpack nothing but «file» from «archive».tar.gz
$ tar -xzf «archive».tar.gz «file»
== gzip_keep
Compress every .«ext» file in «dir» with gzip and keep the originals
Gzip the .«ext» files in «dir» without deleting them
Make .gz copies of all .«ext» files in «dir»
$ gzip -k «dir»/*.«ext»
== gunzip_all
Decompress all .«ext».gz files in «dir»
Unpack every gzip-compressed .«ext» file in «dir»
Turn the .«ext».gz files in «dir» back into .«ext» files
$ gunzip «dir»/*.«ext».gz
== gzip_best
Compress «file» with the best gzip compression into «archive».gz, keeping «file»
Write a maximally gzip-compressed copy of «file» to «archive».gz
Use gzip at level 9 to compress «file» to the file «archive».gz
$ gzip -9 -c «file» > «archive».gz
== zgrep_count
Count the lines with "«pattern»" in the compressed file «log».gz
How many lines of «log».gz contain "«pattern»"?
Without unpacking it, count how often lines in «log».gz match "«pattern»"
$ zgrep -c '«pattern»' «log».gz
== zip_create
Zip the directory «folder» into «archive».zip
Create «archive».zip with everything in «folder»
Pack «folder» recursively as a zip file named «archive».zip
$ zip -r «archive».zip «folder»
== unzip_to
Unzip «archive».zip into «target» without overwriting existing files
Extract the zip file «archive».zip to «target» and keep files that are already there
Unpack «archive».zip in «target», never replacing a file
$ unzip -n «archive».zip -d «target»
== split_file
Split «log» into pieces of «m» lines each, named part-aa, part-ab and so on
Break «log» up into files of «m» lines whose names start with part-
Cut «log» into parts with «m» lines per part
$ split -l «m» «log» part-
== checksum_make
Write the SHA-256 checksums of all .«ext» files here to «out»
Compute sha256 sums for the .«ext» files in this directory and save them in «out»
Store the SHA-256 hash of every .«ext» file of the current directory in «out»
$ sha256sum -- *.«ext» > «out»
== diff_dirs
Show which files differ between «folder» and «target», by name only
Compare the directories «folder» and «target» recursively and report only the names of differing files
List the differences between «folder» and «target» without showing content
$ diff -rq «folder» «target»
== diff_files
Show the differences between «file» and «file_b» in unified format, ignoring changes in white space
Compare «file» with «file_b», not caring about the amount of white space, as a unified diff
Print a unified diff of «file» and «file_b» that ignores white space
$ diff -u -w «file» «file_b»
== rsync_local
Synchronise «folder» with «target», deleting files that are gone from the source
Mirror «folder» to «target» and remove extra files there
Use rsync to make «target» an exact copy of «folder»
$ rsync -a --delete «folder»/ «target»/
== rsync_exclude
Copy «folder» to «target» with rsync, skipping .«ext» files
Use rsync to copy everything in «folder» except .«ext» files into «target», showing what is done
Synchronise «folder» into «target» verbosely and leave out files ending in .«ext»
$ rsync -av --exclude='*.«ext»' «folder»/ «target»/
== rsync_dry
Show what rsync would copy from «folder» to «target» without copying anything
Do a trial run of synchronising «folder» with «target»
Preview an rsync from «folder» to «target», changing nothing
$ rsync -avn «folder»/ «target»/
"""
