"""An HTTP server for one model: OpenAI's API and the APIs that other clients speak."""
