"""Small programming tasks with unit tests: made, read from files, graded by running them, and solved wrongly."""
