"""Sources of measured variants: each module is one, and its function `load` returns a `VariantSet`."""
