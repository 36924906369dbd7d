"""The signed log (日志): entries, keys, Merkle tree, proofs, and the evidence of outsiders upon its head."""
