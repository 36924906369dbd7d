"""The public site: pages, search, statistics, charts; a new edition replaces the old one in one step."""
