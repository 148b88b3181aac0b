"""Architectures, one a module: its function `build(length, outputs, ...)` returns a Keras model.

The model named in a recipe is the module of that name here; its options are the keyword-only arguments of its
`build`. Every model takes one-hot sequences of shape (B, L, 4) and puts out (B, P), as in `degu.outputs.outputs`. One
with recurrent layers declares `RECURRENT = True`, because not every attribution method explains it.
"""
