"""Raw text and code -> documents -> token shards -> batches."""
