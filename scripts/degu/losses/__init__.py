"""Losses, one in each module: the function `loss` returns one value for each sample and target, (B, T).

A recipe names a loss by its module, and the keyword-only arguments of `loss` are the loss's options. A loss may declare
more about itself, as `degu.config.declarations` describes. Without `HEADS`, `loss(true, predicted)` takes the target
and the prediction of one head, (B, T) each. With `HEADS`, it takes two mappings: the targets by their names in
`degu.distillation.targets`, and the heads as means and standard deviations (or the parameters that the loss declares).
All values are in scaled units.
"""
