"""Records: penalties, sanctions, complaints and the like, loaded and ruled upon, and the ledger made of them."""
