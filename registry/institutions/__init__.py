"""检查对象名录库: permit decisions become institutions with names, districts, kinds and versions; records find them."""
