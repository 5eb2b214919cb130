"""Suggests a tier for a sample: rules first, a learned layer where labels carry it; a curator decides."""
