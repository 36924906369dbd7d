"""What is handed on: open data, upload files, portal tables, notices, the signed package."""
