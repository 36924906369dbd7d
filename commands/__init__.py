"""One function a command: it parses, calls one function below, and shows the answer."""
