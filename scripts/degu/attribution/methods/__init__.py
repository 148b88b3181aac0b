"""Attribution methods, one in each module.

Each method has a function `explainer(explained, backgrounds, *, options)`, which takes the explained head of a model
(`degu.attribution.explained`) and the number B of backgrounds that each sequence is compared with. It returns a
function of tokens, uint8 (n, L), and background tokens, uint8 (n, B, L), which in turn returns
`degu.attribution.contributions.Maps`. This inner function consists of TensorFlow operations alone, so that it can be
compiled, and it treats each sequence separately: a map does not depend on the other sequences of the batch. A method
that uses no backgrounds declares `BACKGROUNDS = False`, and its B is 0.

What is explained of a profile depends on the sequence, so that other points than the sequences themselves are for
`explained.about(inputs)`, the function of points about them. A method that does not explain recurrent networks declares
`RECURRENT = False`.

The function `rows(length, backgrounds, *, options)` returns the number of sequences that the network sees for each
explained one, from which the size of a batch follows.

A method that calls another package cannot be compiled. It declares `COMPILED = False`, and may then do in Python what
it likes with the batches, which are of any size.
"""
