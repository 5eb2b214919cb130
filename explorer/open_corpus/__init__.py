"""An open index: its views, contents, clusters and likenesses. It knows nothing of the wire."""
