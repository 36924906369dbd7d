"""双随机: items, plans, draws, casework, and their verification."""
