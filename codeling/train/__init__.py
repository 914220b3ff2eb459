"""The one training loop, its objectives, optimizers and schedules."""
