"""Checking a draw from outside: bundle, verify, recompute, proofs, reference lists."""
