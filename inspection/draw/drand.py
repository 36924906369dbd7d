"""Offline check of drand's signature of a round. It needs the extra `beacon`; scheme bls-unchained-g1-rfc9380.

BLS12-381 with signatures on G1 and the key on G2: e(signature, g2) = e(H(SHA-256(round)), key).
https://drand.love/docs/cryptography/, RFC 9380.
"""

from __future__ import annotations

import hashlib
import sys

from double_random import data

TAG = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"


def is_available() -> bool:
    """Is the library installed?"""
    from importlib.util import find_spec

    return find_spec("py_ecc") is not None


def quicknet_chain() -> str:
    """The hash of the chain whose signatures this program can check."""
    return str(data.table("drand.toml")["quicknet"]["chain"])


def is_round_signature(round: int, signature: str) -> bool:
    """Is this quicknet's signature of the round? `signature` has 96 hex digits; False for any other text."""
    limit = sys.getrecursionlimit()
    from py_ecc.bls.hash_to_curve import hash_to_G1
    from py_ecc.bls.point_compression import decompress_G1, decompress_G2
    from py_ecc.fields import optimized_bls12_381_FQ12 as FQ12
    from py_ecc.optimized_bls12_381.optimized_curve import G2, curve_order, is_inf, multiply, neg
    from py_ecc.optimized_bls12_381.optimized_pairing import final_exponentiate, pairing

    # py_ecc raises the limit a hundredfold; deeply nested JSON would then crash the process instead of failing.
    sys.setrecursionlimit(limit)

    try:
        raw = bytes.fromhex(signature)
        if len(raw) != 48 or signature != raw.hex():
            return False
        point = decompress_G1(int.from_bytes(raw, "big"))  # type: ignore[arg-type]
        if is_inf(point) or not is_inf(multiply(point, curve_order)):
            return False
    except (ValueError, AssertionError):
        return False
    key = bytes.fromhex(data.table("drand.toml")["quicknet"]["public_key"])
    halves = int.from_bytes(key[:48], "big"), int.from_bytes(key[48:], "big")
    public = decompress_G2(halves)  # type: ignore[arg-type]
    message = hashlib.sha256(round.to_bytes(8, "big")).digest()
    hashed = hash_to_G1(message, TAG, hashlib.sha256)  # type: ignore[arg-type]
    ours = pairing(G2, point, final_exponentiate=False)
    theirs = pairing(public, neg(hashed), final_exponentiate=False)
    return bool(final_exponentiate(ours * theirs) == FQ12.one())
