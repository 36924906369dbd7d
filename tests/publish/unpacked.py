"""What stands in published files: every text, archives and Parquet opened; else nothing but a seal's signature."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import polars


def unpacked(path: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Every text in a file: of archives their members, of Parquet its cells."""
    if path.endswith((".zip", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from unpacked(f"{path}/{name}", archive.read(name))
    elif path.endswith(".parquet"):
        yield path, polars.read_parquet(io.BytesIO(content)).write_ndjson()
    elif path.endswith("/seal.sig"):
        assert len(content) == 64  # an Ed25519 signature and nothing else
    else:
        yield path, content.decode("utf-8")
