"""The screens: they translate between keys and the rooms above."""
