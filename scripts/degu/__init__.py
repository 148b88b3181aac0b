"""Distilling Ensembles for Genomic Uncertainty-aware models (DEGU).

The library behind the pipeline: plain functions and small classes that know nothing of Snakemake.
Modules import downward only: sequences and stores know no models, models know no data sets, analyses
know models through their predictions, figures read tables.

For arrays in memory there are `distil`, `Assay`, `Ensemble`, `Settings`, `Student`, `open_student` and
`output_layers`, which are imported when they are first used: `import degu` alone imports nothing heavy.
"""

__version__ = "0.1.0"

# The module of each name that is imported when it is first used.
_LAZY = {
    "Assay": "degu.library.assay",
    "Ensemble": "degu.library.ensemble",
    "Settings": "degu.library.settings",
    "Student": "degu.library.student",
    "distil": "degu.library.distil",
    "open_student": "degu.library.student",
    "output_layers": "degu.library.architectures",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module 'degu' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_LAZY[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_LAZY])
