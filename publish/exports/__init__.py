"""Exports: open data, upload files, portal tables, notices, the signed package."""
