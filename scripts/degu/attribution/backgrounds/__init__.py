"""Kinds of background sequences that explained sequences are compared with, one in each module.

Each kind is a function `draw(tokens, number, pool, rng)`. For each sequence in `tokens`, uint8 (n, L), it draws
`number` backgrounds, uint8 (n, number, L). The sequences in `pool`, uint8 (m, L), are training sequences; explained
sequences are not among them.
"""
