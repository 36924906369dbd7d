"""One run of `registry sync`: sources, files already processed, guard rails, and what the run reports."""
