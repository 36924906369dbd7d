"""Scoring: the policy as SQL steps over the ledger, on an engine; kept scores and their explanation."""
