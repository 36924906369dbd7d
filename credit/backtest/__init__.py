"""Back-test: compares scores as of a day with what happened afterwards. It measures scores and creates none."""
