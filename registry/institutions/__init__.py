"""检查对象名录库: builds institutions with names, districts, kinds and versions from permit decisions; links records to
them.
"""
