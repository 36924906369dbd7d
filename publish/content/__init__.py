"""The content of one site build, filtered by the allow-list, and the writers of its output formats."""
