"""执业人员: practitioners with their licence numbers, names and employment, built from persons' permit decisions."""
