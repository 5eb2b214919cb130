"""The mix screen and the flow of an export."""
