# ruff: noqa: E501  (each line is one entry of a table)
"""Version control: branches, commits, remotes, and the tracker beside them. Results are simulated."""

from __future__ import annotations

from random import Random

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, text

_DOMAIN = "git"
_HASH = values.hexadecimal(7)
_REMOTE = values.mixed(values.one_of(("origin", "upstream", "fork", "backup")), values.login)
_ISSUE = values.magnitudes(1, 9999)


def branch(random: Random) -> str:
    """A branch's name: fix/brave-turtle, main, release-2.4.0."""
    shape = random.randrange(6)
    if shape == 0:
        return random.choice(("main", "master", "develop", "staging", "next"))
    if shape == 1:
        return f"release-{values.version(random)}"
    return f"{random.choice(('feature', 'fix', 'bugfix', 'hotfix', 'docs', 'test', 'chore'))}/{values.slug(random)}"


def repository(random: Random) -> str:
    """A repository's name: clara/brave-turtle."""
    return f"{values.first_name(random).lower()}/{values.slug(random)}"


def commit_message(random: Random) -> str:
    """A commit's message: Fix the order parser."""
    verb = random.choice(
        ("Add", "Fix", "Remove", "Update", "Refactor", "Document", "Test", "Speed up", "Rename", "Clean up")
    )
    return f"{verb} {random.choice(('the', 'a', 'every', 'our'))} {random.choice(values.ADJECTIVES)} {values.noun(random)} {values.noun(random)}"


def _tag(random: Random) -> str:
    return f"{random.choice(('v', 'v', '', 'release-'))}{values.version(random)}"


def _remote_url(random: Random) -> str:
    name, place = repository(random), random.choice(("github.com", "gitlab.com", "codeberg.org", "bitbucket.org"))
    return f"https://{place}/{name}.git" if random.random() < 0.6 else f"git@{place}:{name}.git"


def _commits(count: int, random: Random) -> list[dict[str, str]]:
    return [{"hash": _HASH(random), "message": commit_message(random)} for _ in range(min(3, count))]


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("git_status", _DOMAIN, "Show changed files of a repository",
        (text("folder", values.folder, names=("repository",)),),
        lines("""
            Show the git status of {folder}
            What has changed in the repository {folder}?
            git status in {folder}
            Are there uncommitted changes in {folder}?
            Check the working tree of {folder}
            Which files are modified in the git checkout {folder}?
            Is the repository in {folder} clean?
            Did I forget to commit something in {folder}?
            List uncommitted files of the repo {folder}
        """), lambda a, r: {"modified": [values.file_name(r) for _ in range(r.randint(0, 3))]}, names=("repository_status", "working_tree_status")),
    FunctionSpec("git_commit", _DOMAIN, "Commit staged changes with a message",
        (text("message", commit_message), flag("all", "including unstaged files", "staged files only")),
        lines("""
            Commit with the message "{message}"[, {all}]
            git commit -m "{message}"[, {all}]
            Make a commit "{message}"[ {all}]
            Please commit my changes as "{message}"[, {all}]
            Record a commit saying "{message}"[, {all}]
            Can you commit this with "{message}"[, {all}]?
            I'm done, commit: "{message}"[, {all}]
            Save the changes in a commit titled "{message}"[, {all}]
            New commit please[, {all}], the message is "{message}"
        """), lambda a, r: {"hash": _HASH(r), "message": a["message"]}, names=("create_commit", "commit_changes")),
    FunctionSpec("git_create_branch", _DOMAIN, "Create a new branch",
        (text("branch", branch, names=("name",)), text("start", branch, "where it starts", required=False, default="HEAD")),
        lines("""
            Create the branch {branch}[ from {start}]
            Make a new branch called {branch}[ starting at {start}]
            git branch {branch}[ {start}]
            Open a branch {branch}[ off {start}]
            I need a new branch {branch}[ based on {start}]
            Please start a branch named {branch}[ from {start}]
            Can you branch {branch}[ off from {start}]?
            Add a branch with the name {branch}[, beginning at {start}]
            For this work, create branch {branch}[, forked from {start}]
        """), answer("branch", created=True), names=("create_branch", "new_branch")),
    FunctionSpec("git_switch_branch", _DOMAIN, "Switch to another branch",
        (text("branch", branch, names=("name",)),),
        lines("""
            Switch to the branch {branch}
            git checkout {branch}
            Check out {branch}
            Change to branch {branch}
            Please go to the branch {branch}
            I want to work on {branch}, switch to it
            git switch {branch}
            Can you get me onto the branch {branch}?
            Take me to {branch}, that's the branch I need
        """), answer("branch", current=True), names=("checkout_branch", "change_branch")),
    FunctionSpec("git_delete_branch", _DOMAIN, "Delete a branch",
        (text("branch", branch, names=("name",)), flag("remote", "also on the remote", "only locally")),
        lines("""
            Delete the branch {branch}[ {remote}]
            Remove branch {branch}[, {remote}]
            git branch -d {branch}[ {remote}]
            Please delete {branch}, that branch is merged[ - {remote}]
            Can you drop the branch {branch}[, {remote}]?
            We don't need branch {branch} any more, delete it[ {remote}]
            Get rid of the branch {branch}[ {remote}]
            The branch {branch} can be removed[, {remote}]
            Clean up branch {branch}[, {remote}]
        """), answer("branch", deleted=True), names=("delete_branch", "remove_branch")),
    FunctionSpec("git_list_branches", _DOMAIN, "List the branches of a repository",
        (text("repository", repository, names=("repo",)), flag("merged", "only merged ones", "only unmerged ones")),
        lines("""
            List the branches of {repository}[, {merged}]
            Which branches does {repository} have[, {merged}]?
            Show all branches in {repository}[, {merged}]
            branches of {repository}[, {merged}]
            What branches are there in the repo {repository}[, {merged}]?
            Give me the branch names of {repository}[, {merged}]
            Please print the branches of the repository {repository}[, {merged}]
            I'd like to see every branch of {repository}[, {merged}]
            In {repository}, what are the branches[, {merged}]?
        """), lambda a, r: {"branches": [branch(r) for _ in range(r.randint(1, 3))]}, names=("list_branches", "show_branches")),
    FunctionSpec("git_merge", _DOMAIN, "Merge a branch into another branch",
        (text("source", branch, names=("from_branch",)), text("target", branch, names=("into_branch",)), flag("squash", "squashed", "without squashing")),
        lines("""
            Merge {source} into {target}[, {squash}]
            git merge {source} into {target}[ {squash}]
            Please merge the branch {source} into {target}[, {squash}]
            Bring the commits of {source} over to {target} with a merge[, {squash}]
            {source} is ready, merge it into {target}[, {squash}]
            Can you merge {source} to {target}[, {squash}]?
            I want {source} merged into the branch {target}[, {squash}]
            Into {target}, merge the branch {source}[, {squash}]
            Time to get {source} merged with {target} as target[, {squash}]
        """), lambda a, r: {"merged": True, "hash": _HASH(r)}, names=("merge_branch",)),
    FunctionSpec("git_rebase", _DOMAIN, "Rebase a branch onto another",
        (text("branch", branch, names=("source",)), text("onto", branch, names=("base",))),
        lines("""
            Rebase {branch} onto {onto}
            git rebase {branch} onto {onto}
            Please rebase the branch {branch} on top of {onto}
            Put {branch} on top of {onto} with a rebase
            Can you rebase {branch} on {onto}?
            {branch} is behind, rebase it on {onto}
            I want {branch} rebased to the tip of {onto}
            Replay the commits of {branch} onto {onto}
            Using a rebase, move {branch} over to {onto}
        """), answer("branch", "onto", conflicts=values.whole(0, 2)), names=("rebase_branch",)),
    FunctionSpec("git_push", _DOMAIN, "Push a branch to a remote",
        (text("branch", branch), text("remote", _REMOTE, required=False, default="origin"),
         flag("force", "with force", "without force")),
        lines("""
            Push {branch}[ to {remote}][ {force}]
            git push[ {remote}] {branch}[ {force}]
            Please push the branch {branch}[ to the remote {remote}][, {force}]
            Can you push {branch}[ to {remote}][ {force}]?
            Upload the commits of {branch}[ to {remote}][, {force}]
            Send my branch {branch}[ to the remote {remote}][ {force}]
            Publish the commits on {branch}[ at {remote}][, {force}]
            I want {branch} pushed[ to {remote}][ {force}]
            My commits on {branch} should go up[ to {remote}][, {force}]
        """), answer("branch", "remote", pushed=values.whole(0, 12)), names=("push_branch",)),
    FunctionSpec("git_pull", _DOMAIN, "Pull a branch from a remote",
        (text("branch", branch), text("remote", _REMOTE, required=False, default="origin"),
         flag("rebase", "with rebase", "without rebase")),
        lines("""
            Pull {branch}[ from {remote}][ {rebase}]
            git pull[ {remote}] {branch}[ {rebase}]
            Please pull the latest {branch}[ from the remote {remote}][, {rebase}]
            Can you pull the branch {branch}[ from {remote}][ {rebase}]?
            Download new commits of {branch}[ from {remote}][, {rebase}]
            Bring {branch} up to date[ from the remote {remote}][ {rebase}]
            Get what others pushed to {branch}[ on {remote}][, {rebase}]
            I need the newest commits of {branch} here[ from {remote}][, {rebase}]
            Others changed {branch}, pull it in[ from {remote}][, {rebase}]
        """), answer("branch", pulled=values.whole(0, 30)), names=("pull_branch",)),
    FunctionSpec("git_clone", _DOMAIN, "Clone a repository into a folder",
        (text("url", _remote_url, names=("repository",)), text("folder", values.folder, required=False, names=("destination",)),
         integer("depth", values.magnitudes(1, 500), "number of commits", required=False)),
        lines("""
            Clone {url}[ into {folder}][ with depth {depth}]
            git clone {url}[ {folder}][ --depth {depth}]
            Please clone the repository {url}[ to {folder}][, depth {depth}]
            Get a local copy of the repo {url}[ in {folder}][, only {depth} commits]
            Can you clone {url}[ into the folder {folder}][ with a depth of {depth}]?
            Check out the project from {url}[ into {folder}][, depth {depth}]
            I want to have {url} cloned[ to {folder}][, {depth} commits deep]
            Fetch the whole repo {url}[ to the folder {folder}][ with the last {depth} commits]
            Make a clone of {url}[ under {folder}][, history of {depth} commits]
        """), answer("url", cloned=True), names=("clone_repository",)),
    FunctionSpec("git_log", _DOMAIN, "Show the latest commits of a branch",
        (text("branch", branch), integer("count", values.whole(1, 60), required=False, default=10, names=("limit",)),
         text("author", values.full_name, required=False)),
        lines("""
            Show the last[ {count}] commits on {branch}[ by {author}]
            git log {branch}[ -n {count}][ by {author}]
            What are the latest[ {count}] commits of {branch}[ from {author}]?
            List[ {count}] commits of the branch {branch}[ by {author}]
            Give me the history of {branch}[, {count} commits][, only {author}]
            Which commits were made on {branch} lately[? Show {count}][ by {author}]
            I'd like to see[ {count}] recent commits on {branch}[, author {author}]
            What happened on {branch} recently[, {count} commits][ by {author}]?
            Print the commit log for {branch}[, limited to {count}][, written by {author}]
        """), lambda a, r: {"commits": _commits(a["count"] or 3, r)}, names=("commit_history", "show_commits")),
    FunctionSpec("git_show_commit", _DOMAIN, "Show one commit in detail",
        (text("commit", _HASH, names=("hash",)),),
        lines("""
            Show the commit {commit}
            What did commit {commit} change?
            git show {commit}
            Let me see the details of commit {commit}
            Who wrote commit {commit} and what is in it?
            Please display {commit}, it's a commit
            What is in commit {commit}?
            Explain which changes came with the commit {commit}
            I need to look at commit {commit}
        """), lambda a, r: {"author": values.full_name(r), "message": commit_message(r)}, names=("show_commit", "commit_details")),
    FunctionSpec("git_revert", _DOMAIN, "Revert a commit by a new commit",
        (text("commit", _HASH, names=("hash",)),),
        lines("""
            Revert commit {commit}
            git revert {commit}
            Undo the commit {commit} with a new commit
            Please revert {commit}
            Commit {commit} broke things, revert it
            Can you take back the changes of commit {commit}?
            I want to undo what {commit} did
            Roll back only the commit {commit}
            Make a commit that reverses {commit}
        """), lambda a, r: {"hash": _HASH(r)}, names=("revert_commit", "undo_commit")),
    FunctionSpec("git_cherry_pick", _DOMAIN, "Apply a commit to another branch",
        (text("commit", _HASH, names=("hash",)), text("branch", branch, names=("target",))),
        lines("""
            Cherry-pick {commit} onto {branch}
            git cherry-pick {commit} on {branch}
            Apply commit {commit} to the branch {branch}
            Please bring just the commit {commit} to {branch}
            Can you cherry pick commit {commit} into {branch}?
            I need {commit} on {branch} too, cherry-pick it
            Copy the commit {commit} over to {branch}
            {branch} is missing commit {commit}, pick it
            Pick only {commit} and put it on branch {branch}
        """), lambda a, r: {"hash": _HASH(r), "branch": a["branch"]}, names=("cherry_pick", "pick_commit")),
    FunctionSpec("git_create_tag", _DOMAIN, "Create a tag at a commit",
        (text("tag", _tag, names=("name",)), text("commit", _HASH, required=False, default="HEAD")),
        lines("""
            Create the tag {tag}[ at commit {commit}]
            Tag[ the commit {commit}] as {tag}
            git tag {tag}[ {commit}]
            Make a tag {tag}[ on {commit}]
            Please add a tag named {tag}[ to commit {commit}]
            Can you set the tag {tag}[ on the commit {commit}]?
            Release time, create tag {tag}[ for {commit}]
            We need a tag called {tag}[, pointing to {commit}]
            Mark[ commit {commit}] with the tag {tag}
        """), answer("tag", created=True), names=("create_tag", "add_tag")),
    FunctionSpec("git_diff_branches", _DOMAIN, "Show differences of two branches",
        (text("base", branch), text("head", branch)),
        lines("""
            Show the diff from branch {base} to branch {head}
            git diff {base}..{head}
            What changed between the branches {base} and {head}?
            With branch {base} as the base, how is {head} different in git?
            Compare the branch {base} with the branch {head}
            Diff the branches {base} and {head}
            Let me see the changes between {base} and {head} in git
            What is different on branch {base} versus branch {head}?
            Start from branch {base} and list what branch {head} changes
        """),         answer(files=values.whole(0, 40), insertions=values.whole(0, 900), deletions=values.whole(0, 700)), names=("diff_branches", "compare_branches")),
    FunctionSpec("git_stash", _DOMAIN, "Put uncommitted changes aside",
        (text("message", commit_message, required=False), flag("untracked", "with untracked files", "without untracked files")),
        lines("""
            Stash my changes[ as "{message}"][ {untracked}]
            git stash[ -m "{message}"][ {untracked}]
            Put my uncommitted work aside[ with the note "{message}"][, {untracked}]
            Please stash everything[ under the name "{message}"][, {untracked}]
            Can you stash this[ as "{message}"][ {untracked}]?
            Save my unfinished changes in a stash[ named "{message}"][, {untracked}]
            I need a clean tree, stash what I have[ as "{message}"][, {untracked}]
            Set the current changes aside for later[, call them "{message}"][, {untracked}]
            Hide my local changes for now[, labelled "{message}"][, {untracked}]
        """), answer(stashed=values.whole(1, 20)), names=("stash_changes",)),
    FunctionSpec("git_blame", _DOMAIN, "Who last changed a line of a file",
        (text("path", values.file_with(*values.CODE_EXTENSIONS), names=("file",)), integer("line", values.magnitudes(1, 3000), names=("line_number",))),
        lines("""
            Who wrote line {line} of {path}?
            git blame {path} line {line}
            Who last changed line {line} in {path}?
            Which commit touched line {line} of {path}?
            Blame line {line} of {path}
            Find out who is responsible for {path} line {line}
            Tell me the author of line {line} in the file {path}
            In {path}, whose work is line {line}?
            Line {line} of {path} looks odd, who made it?
        """), lambda a, r: {"author": values.full_name(r), "hash": _HASH(r)}, names=("blame_line", "line_author")),
    FunctionSpec("git_stage", _DOMAIN, "Stage files for the next commit",
        (listing("files", values.file_with(*values.EXTENSIONS), 1, 3, names=("paths",)),),
        lines("""
            Stage {files}
            git add {files}
            Stage {files} for the next commit
            Please add {files} to the index
            Can you stage the changes in {files}?
            I want {files} in my next commit
            Mark {files} to be committed
            Put {files} in the staging area
            The next commit should have {files} in it
        """), answer(staged=True), names=("stage_files",)),
    FunctionSpec("git_unstage", _DOMAIN, "Remove files from the staging area",
        (listing("files", values.file_with(*values.EXTENSIONS), 1, 3, names=("paths",)),),
        lines("""
            Unstage {files}
            git restore --staged {files}
            Take {files} out of the staging area
            Please remove {files} from the index
            Can you unstage the files {files}?
            I staged {files} by mistake, take that back
            Don't commit {files}, unstage
            {files} should not be staged
            Leave {files} out of my next commit
        """), answer(unstaged=True), names=("unstage_files",)),
    FunctionSpec("git_add_remote", _DOMAIN, "Add a remote to the repository",
        (text("name", values.mixed(values.one_of(("origin", "upstream", "fork")), values.noun)), text("url", _remote_url)),
        lines("""
            Add the remote {name} with the url {url}
            git remote add {name} {url}
            Make {url} a remote called {name}
            Please register {url} as the remote {name}
            I need a remote {name} for {url}
            Can you add {url} as {name} to the git remotes?
            Connect this repo to {url} under the remote name {name}
            The remote {name} should be {url}, add it
            New remote: {name}, at {url}
        """), answer("name", added=True), names=("add_remote",)),
    FunctionSpec("git_reset", _DOMAIN, "Reset the branch to a commit",
        (text("commit", _HASH, names=("hash",)), choice("mode", ("soft", "mixed", "hard"), required=False, default="mixed")),
        lines("""
            Reset to commit {commit}[, {mode}]
            git reset[ --{mode}] {commit}
            Do a[ {mode}] reset to {commit}
            Please reset the branch to {commit}[ in {mode} mode]
            Move the branch back to commit {commit}[ with a {mode} reset]
            Can you reset everything to {commit}[, mode {mode}]?
            Drop all commits after {commit}[ with a {mode} reset]
            I want to go back to where {commit} was[, {mode} reset]
            Let the branch point to {commit} again[, a {mode} reset]
        """), answer("commit", reset=True), names=("reset_branch",)),
    FunctionSpec("count_commits", _DOMAIN, "Count the commits of an author",
        (text("author", values.full_name), text("repository", repository, names=("repo",)), text("since", values.iso_date, "date", required=False)),
        lines("""
            How many commits did {author} make in {repository}[ since {since}]?
            Count the commits of {author} in {repository}[ since {since}]
            Number of commits by {author} in {repository}[ after {since}]?
            commit count of {author} for {repository}[ from {since} on]
            In {repository}, how often did {author} commit[ since {since}]?
            Please count what {author} committed to {repository}[ since {since}]
            Tell me how many commits {repository} has from {author}[ since {since}]
            How active is {author} in {repository}? Count commits[ since {since}]
            I wonder how many commits in {repository} are {author}'s[, starting {since}]
        """), answer("author", commits=values.magnitudes(1, 4000)), names=("author_commit_count",)),
    FunctionSpec("create_issue", _DOMAIN, "Open an issue in a repository",
        (text("repository", repository, names=("repo",)), text("title", commit_message),
         listing("labels", values.one_of(("bug", "docs", "help wanted", "good first issue", "feature", "security", "test", "build", "question")), 1, 2, required=False)),
        lines("""
            Open an issue in {repository}: "{title}"[, labels {labels}]
            Create an issue titled "{title}" in {repository}[ with labels {labels}]
            File an issue "{title}" for {repository}[, labelled {labels}]
            new issue {repository} "{title}"[ labels: {labels}]
            Please report "{title}" as an issue in {repository}[ and label it {labels}]
            Can you add the issue "{title}" to {repository}[ with the labels {labels}]?
            In {repository}, open an issue called "{title}"[, tagged {labels}]
            I found a problem in {repository}, file it as "{title}"[ under {labels}]
            Put "{title}" on the issue list of {repository}[, with {labels} as labels]
        """), answer("title", number=_ISSUE), names=("open_issue", "file_issue")),
    FunctionSpec("close_issue", _DOMAIN, "Close an issue of a repository",
        (integer("number", _ISSUE, names=("issue",)), text("repository", repository, names=("repo",)),
         choice("reason", ("completed", "duplicate", "not_planned"), required=False, default="completed")),
        lines("""
            Close issue {number} in {repository}[ as {reason}]
            Close #{number} of {repository}[, reason: {reason}]
            Please close the issue {number} in {repository}[ as {reason}]
            Issue {number} of {repository} can be closed[ as {reason}]
            close {repository}#{number}[ {reason}]
            We are done with issue {number} of {repository}, close it[ as {reason}]
            In {repository}, mark issue {number} as closed[, {reason}]
            Can the issue {number} in {repository} be closed[ as {reason}]?
            Nobody needs issue {number} in {repository} open any more[, it's {reason}]
        """), answer("number", state="closed"), names=("resolve_issue",)),
    FunctionSpec("comment_on_issue", _DOMAIN, "Write a comment on an issue",
        (integer("number", _ISSUE, names=("issue",)), text("repository", repository, names=("repo",)), text("comment", values.sentence, names=("body",))),
        lines("""
            Comment "{comment}" on issue {number} of {repository}
            Write "{comment}" under issue {number} in {repository}
            Add the comment "{comment}" to {repository} issue {number}
            On issue {number} in {repository}, say "{comment}"
            comment {repository}#{number}: "{comment}"
            Please reply "{comment}" to issue {number} of {repository}
            Tell the people in issue {number} of {repository}: "{comment}"
            Answer issue {number} in {repository} with "{comment}"
            Post "{comment}" as a comment to {repository} issue number {number}
        """), answer("number", commented=True), names=("add_issue_comment", "reply_to_issue")),
    FunctionSpec("assign_issue", _DOMAIN, "Assign an issue to a person",
        (integer("number", _ISSUE, names=("issue",)), text("repository", repository, names=("repo",)), text("assignee", values.full_name, names=("user",))),
        lines("""
            Assign issue {number} of {repository} to {assignee}
            Give issue {number} in {repository} to {assignee}
            {assignee} should work on issue {number} of {repository}
            Let {assignee} take issue {number} in {repository}
            assign {repository}#{number} to {assignee}
            Please make {assignee} responsible for issue {number} in {repository}
            In {repository}, hand issue {number} over to {assignee}
            Can {assignee} be assigned to issue {number} of {repository}?
            Put {assignee} down as the owner of issue {number} in {repository}
        """), answer("number", "assignee"), names=("set_issue_assignee",)),
    FunctionSpec("search_issues", _DOMAIN, "Search the issues of a repository",
        (text("query", values.phrase), text("repository", repository, names=("repo",)), choice("state", ("open", "closed", "all"), required=False, default="open")),
        lines("""
            Search[ {state}] issues of {repository} for "{query}"
            Find[ {state}] issues about "{query}" in {repository}
            Which[ {state}] issues in {repository} mention "{query}"?
            Look for "{query}" in the[ {state}] issues of {repository}
            issues {repository} "{query}"[ state {state}]
            Is there an issue about "{query}" in {repository}[ among {state} ones]?
            Please search {repository} for issues on "{query}"[, state {state}]
            Has somebody reported "{query}" to {repository}[? Look at {state} issues]
            In the[ {state}] issues of {repository}, is "{query}" mentioned?
        """), lambda a, r: {"issues": [{"number": _ISSUE(r), "title": commit_message(r)} for _ in range(r.randint(0, 2))]}, names=("find_issues",)),
    FunctionSpec("open_pull_request", _DOMAIN, "Open a pull request between branches",
        (text("title", commit_message), text("head", branch, "branch with the changes"), text("base", branch, "branch to change"), flag("draft", "as a draft", "ready for review")),
        lines("""
            Open a pull request "{title}" from {head} to {base}[, {draft}]
            Create a PR from {head} into {base} titled "{title}"[, {draft}]
            Make a pull request for {head} against {base} called "{title}"[, {draft}]
            pull request "{title}": {head} -> {base}[, {draft}]
            Please open a PR "{title}" to get {head} into {base}[, {draft}]
            I want a pull request from branch {head} to {base}, title "{title}"[, {draft}]
            Send {head} as a pull request to {base} with the title "{title}"[, {draft}]
            Propose {head} for {base} in a PR named "{title}"[, {draft}]
            Can you put {head} up for {base} as a pull request, "{title}"[, {draft}]?
        """), answer("title", number=_ISSUE), names=("create_pull_request", "create_pr")),
    FunctionSpec("merge_pull_request", _DOMAIN, "Merge a pull request",
        (integer("number", _ISSUE, names=("pull_request",)), text("repository", repository, names=("repo",)), choice("method", ("merge", "squash", "rebase"), required=False, default="merge")),
        lines("""
            Merge pull request {number} of {repository}[ by {method}]
            Merge PR {number} in {repository}[ with method {method}]
            Please merge the pull request {number} of {repository}[, method {method}]
            PR {number} of {repository} is approved, merge it[ using {method}]
            merge pr {repository}#{number}[ {method}]
            Can you merge PR number {number} in {repository}[, method: {method}]?
            Get pull request {number} merged in {repository}[ with {method}]
            In {repository}, land the PR {number}[ by {method}]
            Accept and merge pull request {number} from {repository}[, via {method}]
        """), answer("number", merged=True), names=("merge_pr", "land_pull_request")),
    FunctionSpec("request_review", _DOMAIN, "Ask people to review a pull request",
        (integer("number", _ISSUE, names=("pull_request",)), listing("reviewers", values.first_name, 1, 3, names=("people",))),
        lines("""
            Ask {reviewers} to review pull request {number}
            Request a review of PR {number} from {reviewers}
            Add {reviewers} as reviewers of PR {number}
            PR {number} should be reviewed by {reviewers}
            review request pr {number}: {reviewers}
            Please have {reviewers} look at pull request {number}
            Can {reviewers} review PR {number}?
            I'd like a review from {reviewers} on pull request {number}
            Invite {reviewers} to check pull request {number}
        """), answer("number", "reviewers"), names=("add_reviewers",)),
)  # fmt: skip
