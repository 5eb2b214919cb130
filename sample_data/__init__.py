"""The demo corpus and what builds it."""

from .demo import DemoSummary, build_demo

__all__ = ["DemoSummary", "build_demo"]
