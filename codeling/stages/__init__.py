"""The ordered stages, the recipes that configure them, and the run that goes through them."""
