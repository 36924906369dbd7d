"""Faults and gaps: issues, quarantined rows, refused files, coverage, and people's decisions about them."""
