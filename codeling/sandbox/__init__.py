"""Programs that a model wrote, run where they can do no harm: see `codeling.sandbox.run` and docs/SANDBOX.md."""
