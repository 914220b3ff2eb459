"""Checkpoints for other people's programs: Hugging Face folders, GGUF files, Ollama; and the proof that they agree."""
