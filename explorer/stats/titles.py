"""What the figures of diversity are called on a page."""

TITLES = {
    "types": "types",
    "hapaxes": "types seen once",
    "tail_cover": "tail that is covered",
    "unseen_mass": "unseen mass (Good-Turing)",
    "chao1": "types there are (Chao1)",
    "heaps_slope": "Heaps slope",
    "effective_samples": "unlike samples (Vendi 2)",
    "compression": "redundancy (xz)",
    "self_repetition": "self-repetition, 8-grams",
    "shape_diversity": "control-flow shapes (Hill 1)",
    "entropy": "entropy of tokens, bits",
    "name_entropy": "entropy of names, bits",
    "subword_entropy": "entropy of subwords, bits",
    "divergence": "divergence (JS), bits",
    "surprise": "surprise (KL), bits",
}
