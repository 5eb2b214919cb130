"""Builds the workspace: work plan, executor, parts, loading."""
