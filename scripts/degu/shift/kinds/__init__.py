"""Kinds of shift, one a module: each changes sequences more and more, from one level to the next.

A module defines `shift(tokens, rng, *, level, ...)`, whose other keyword-only arguments are the options of the kind. It
gets sequences without their constant flanks, uint8 (n, L), and returns changed ones of the same shape, or
`degu.data.augmenting.Augmented` if models do not see the changed sequences as they are. `LEVELS` are the levels of a
ladder by default, and `LEVEL` says what a level is, for the axis of a figure.
"""
