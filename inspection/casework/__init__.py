"""Work on drawn institutions: notices, visits, results, deadlines, forms, the year plan, the quarterly report."""
