"""Weights, presets, the plan and how samples are drawn."""
