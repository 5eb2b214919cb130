"""The precious part: the journal of a curator's decisions, its fold, undo and bulk."""
