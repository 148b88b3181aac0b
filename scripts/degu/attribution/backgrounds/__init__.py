"""Sequences that others are compared with; one kind a module.

Each is a function `draw(tokens, number, pool, rng)`: for each of tokens, uint8 (n, L), it draws `number` backgrounds,
uint8 (n, number, L). `pool`, uint8 (m, L), are the training sequences, never those that are explained.
"""
