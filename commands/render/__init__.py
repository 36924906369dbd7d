"""How an answer is shown: formats, tables, labels, teams, the terminal."""
