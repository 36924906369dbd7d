"""Records: penalties, sanctions, complaints and others; their loading, the rulings on them, the ledger."""
