/** Code to begin with; ▮ is where the cursor goes. Nothing after it: the model continues; else it fills in. */

export const CURSOR = "▮";

export const CODE_EXAMPLES = {
  "Bash: continue a script": `#!/usr/bin/env bash
# Print the ten largest files under a folder.
set -euo pipefail

folder=\${1:-.}
${CURSOR}`,
  "Bash: fill in a loop": `#!/usr/bin/env bash
# Rename every .txt file in this folder to .md.
for file in *.txt; do
    ${CURSOR}
done
`,
  "Bash: fill in a condition": `#!/usr/bin/env bash
if [[ ${CURSOR} ]]; then
    echo "usage: $0 FILE" >&2
    exit 2
fi
wc -l "$1"
`,
  "Python: continue a function": `def count_words(text):
    """Return a dictionary from each word of text to how often it occurs."""
    ${CURSOR}`,
  "Python: fill in a body": `def fibonacci(n):
    """Return the first n Fibonacci numbers."""
    numbers = [0, 1]
    ${CURSOR}
    return numbers[:n]


print(fibonacci(10))
`,
  "Python: fill in an argument": `import pathlib

for path in sorted(pathlib.Path(".").glob(${CURSOR})):
    print(path, path.stat().st_size)
`,
};
