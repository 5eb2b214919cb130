"""The stable public name of a sample that has none of its own."""

import hashlib

_SEPARATOR = b"\x1f"


def sample_hash(content_sha256: bytes, repo: str | None, path: str | None) -> str:
    """Returns 128 bits of BLAKE2b over (content's SHA-256, repo, path) as 32 hexadecimal digits.

    A missing repo or path counts as the empty text. Samples equal in all three get the same hash; the index tells
    them apart by an ordinal behind it (`<hash>-2`).
    """
    digest = hashlib.blake2b(content_sha256, digest_size=16)
    for part in (repo, path):
        digest.update(_SEPARATOR)
        digest.update((part or "").encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
