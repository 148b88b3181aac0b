"""How much each base of a sequence contributes to a prediction; one method a module.

Each method is a function `explainer(explained, backgrounds, *, options)`: of which model and head
(`degu.attribution.explained`), and B, how many backgrounds each sequence is compared with. It returns a function of
tokens, uint8 (n, L), and background tokens, uint8 (n, B, L), that returns
`degu.attribution.contributions.Maps`. That one is made of
TensorFlow operations alone, so that it can be compiled, and treats each sequence by itself: a map does not
depend on what else is in the batch. A method that compares with nothing declares `BACKGROUNDS = False`; its B is 0.

`rows(length, backgrounds, *, options)` is how many sequences the network sees for each explained one: batches are made
by it.
"""
