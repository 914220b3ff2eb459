"""Tools: the schema of one, the one grammar of a call, and the tools that really run."""
