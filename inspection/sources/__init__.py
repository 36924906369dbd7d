"""Sources of public randomness (公开随机号码的来源) as data: calendars, kinds, the catalogue of home and program."""
