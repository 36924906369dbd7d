"""The signed log (日志): entries, keys, Merkle tree, proofs, and external evidence for its heads."""
