"""Sources of measured variants, one a module.

A module defines `load(files, *, ...)`, whose keyword-only arguments are the options of the source. It gets the source
files by their names in the file of a set of variants, and returns a `degu.variants.variant_set.VariantSet`.
"""
