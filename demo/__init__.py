"""The demo: a fictitious bureau's files, made by a program, and a guided tour of the whole way with them."""
