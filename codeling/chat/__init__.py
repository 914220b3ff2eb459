"""Messages to token ids with a loss mask, through the one chat format."""
