"""The public site: pages, search, statistics, charts, switched in one step."""
