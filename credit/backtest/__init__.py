"""Back-test: a score as of a day beside what happened afterwards. It measures scores; it makes none."""
