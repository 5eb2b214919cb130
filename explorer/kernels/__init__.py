"""The compiled byte kernels and what they share: compiling, buffers, literal matching, hash sets."""
