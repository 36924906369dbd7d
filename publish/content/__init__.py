"""What one build shows, gathered and passed through the allow-list, and the forms in which rows leave."""
