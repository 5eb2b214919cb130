"""What makes two samples the same, or nearly the same: hashes, signatures, and their exact similarity."""
