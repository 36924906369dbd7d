"""Shared by every package: errors, translation, the vocabulary of codes, dates, working days, the clock, points.

It imports nothing of the product but the facts in `data`.
"""
