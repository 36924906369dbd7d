"""What is wrong or missing: issues, quarantined rows, refused files, coverage, and what people decided about them."""
