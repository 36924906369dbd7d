"""The steps of a draw: commit, entropy, draw, changes, publish, void; its folder and its state."""
