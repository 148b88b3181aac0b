"""Distilling Ensembles for Genomic Uncertainty-aware models (DEGU).

The library behind the pipeline: plain functions and small classes that know nothing of Snakemake.
Modules import downward only: sequences and stores know no models, models know no data sets, analyses
know models through their predictions, figures read tables.
"""

__version__ = "0.1.0"
