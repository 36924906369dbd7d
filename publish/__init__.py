"""Publication (一公开): the public site, open data and Excel files, limited to what may be shown on a date."""
