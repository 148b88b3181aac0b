"""Searches, one a file, that change sequences base by base so that a score rises.

Each module defines `search(score, tokens, rng, *, steps, ...)`. It yields sequences, uint8 (n, L), after each number of
`steps`, in ascending order: each differs from its starting sequence in at most so many bases. `score` takes sequences
(m, L) and returns the number that is to rise, (m,). The keyword-only arguments but `steps` are the options that a
configuration sets. `LEVEL` says what is counted, for the axis of a figure.
"""
