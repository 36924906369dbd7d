"""What is read from scores: reports, comparisons, measures, notices, letters."""
