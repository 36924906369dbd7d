"""The nightly run: stages, journal, new inputs, status and check-up of a home."""
