"""Writes the hashes of its script and style into verify.html's Content-Security-Policy; run after any change to it.

python -m tests.verifiers.seal
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "data" / "verifiers" / "verify.html"


def sealed(page: str) -> str:
    """The page with a policy that lets its own script and style run, and nothing else."""
    hashes = []
    for tag in ("script", "style"):
        content = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert len(content) == 1, f"one {tag}"
        digest = base64.b64encode(hashlib.sha256(content[0].encode()).digest()).decode()
        hashes.append(f"{tag}-src 'sha256-{digest}'")
    policy = f"default-src 'none'; {'; '.join(hashes)}; base-uri 'none'; form-action 'none'"
    found, count = re.subn(
        r'(<meta http-equiv="Content-Security-Policy" content=")[^"]*', rf"\g<1>{policy}", page
    )
    assert count == 1
    return found


if __name__ == "__main__":
    PAGE.write_text(sealed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
