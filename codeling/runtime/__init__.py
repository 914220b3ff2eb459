"""The machine underneath: files, devices, processes, seeds, logs. No module here knows what a model is."""
