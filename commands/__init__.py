"""Commands: each parses its arguments, calls one function below, and renders the answer."""
