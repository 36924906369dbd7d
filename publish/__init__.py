"""一公开: the public site, open data and Excel: what may be shown, as of a date."""
