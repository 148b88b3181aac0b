"""One loss a module: `loss(y_true, y_pred)` takes (B, H * T) outputs and returns one value a sample, (B,).

The loss named in a recipe is the module of that name here.
"""
