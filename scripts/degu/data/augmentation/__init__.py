"""Seeded changes of sequences, one in each module: `augment(tokens, rng, ...)` returns the changed sequences.

`tokens`, (n, L), are the sequences to change, without the constant flanks of the assay, which
`degu.data.augmenting` keeps out of reach. The result has their shape and type, and they themselves stay as they are.
Every sequence has draws of its own, all of them from `rng`. The keyword-only arguments of `augment` are the options of
an augmentation. With the constant `ONE_HOT = True` a module declares that it changes one-hot values, float32
(n, L, 4), in place of tokens. With `NEW_LABELS = True` it declares that its sequences are so different
that they cannot keep the labels of the original ones.

Augmentations raise `degu.errors.DeguError` if an option is out of range for sequences of length L. Deletion, insertion,
translocation, inversion, mutation, reverse complement and Gaussian noise are those of EvoAug (Lee et al. 2023,
https://doi.org/10.1186/s13059-023-02941-w); insertions keep the length as its second version does.
"""
