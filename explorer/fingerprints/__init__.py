"""What makes two samples the same: hashes now, near-duplicate fingerprints at the same place."""
