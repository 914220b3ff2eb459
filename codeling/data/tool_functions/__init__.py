"""A catalogue of functions to be called: their schemas, how people ask for them, and what they answer."""
