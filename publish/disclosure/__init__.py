"""What may be shown, as of a date: allow-list, masking, review, and the checks of what was built."""
