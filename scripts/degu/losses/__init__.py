"""One loss a module: `loss` returns one value a sample and target, (B, T).

The loss named in a recipe is the module of that name here; its options are the keyword-only arguments of `loss`.
`degu.config.declarations` says what it may declare about itself. Without `HEADS`, `loss(true, predicted)` takes one
head's target and prediction, (B, T) each. With `HEADS`, it takes mappings: of the named targets of
`degu.distillation.targets`, and of the heads as means and standard deviations (or of the
loss's own parameters), all in scaled units.
"""
