"""A bureau's files → typed rows and issues. Knows encodings, layouts, dates, money, codes; knows no register."""
