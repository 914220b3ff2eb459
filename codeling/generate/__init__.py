"""Text from a model: sampling, the KV-cache engine, streaming."""
