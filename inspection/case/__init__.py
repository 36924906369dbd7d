"""The case file around a draw (案卷): the year's plan, each target's papers and results, deadlines, forms, reports."""
