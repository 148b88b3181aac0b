"""What the names of columns say in tables of assays."""

import re
from collections import defaultdict
from collections.abc import Iterable

# Words of names, between anything that is no letter.
_WORD = r"(?:^|[^a-z])(?:{})(?:$|[^a-z])"


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(_WORD.format("|".join(words)), re.IGNORECASE)


# Counts of reads are no activities: their ratio is.
COUNTS = _words("rna", "dna", "cdna", "gdna", "plasmid", "umis?", "reads?", "counts?", "barcodes?", "n?bcs?", "[crt]pm")
RATIO = re.compile(r"log|ratio|enrich|fold|lfc", re.IGNORECASE)
# Standard deviations and the like, whose definition a name does not tell.
SPREAD = _words("std", "sd", "stdev", "se", "sem", "stderr", "var", "variance", "mad", "cv", "ci", "lower", "upper")
# Results of tests, places and properties of sequences.
OTHER = _words(
    *("p", "pval", "pvalue", "padj", "q", "qval", "qvalue", "fdr", "stat", "statistic", "z", "t", "bonferroni"),
    *("start", "end", "stop", "pos", "position", "length", "len", "gc", "index", "idx", "strand", "rank", "number"),
    *("n", "id", "year", "batch", "plate", "library", "row", "line"),
)
MEASURED = re.compile(
    r"activity|express|enrich|log|ratio|fold|signal|fluor|measure|value|target|mean|level|intensity|effect|^y$",
    re.IGNORECASE,
)
NAME = re.compile(r"(?:^|[_.\- ])(?:name|id|identifier|oligo|label|key)s?$|^(?:name|id)(?:$|[_.\- ])", re.IGNORECASE)
BATCH = _words("batch", "library", "plate", "pool", "experiment", "run")
SPLIT = re.compile(r"^(?:data[_.\- ]?)?(?:split|set|fold|partition|subset)s?$", re.IGNORECASE)
# Names of relatives, of which the first that fits is taken.
GROUPS = [
    _words("group", "groups", "cluster", "family"),
    _words("parent", "wildtype", "wt", "backbone", "source"),
    _words("element", "enhancer", "promoter", "peak", "tile", "region", "locus"),
    _words("gene", "symbol"),
    _words("chr", "chrom", "chromosome", "contig"),
]
# The words that tables use for the splits.
SPLIT_WORDS = {
    "train": ("train", "training"),
    "validation": ("val", "valid", "validation", "dev"),
    "calibration": ("cal", "calib", "calibration"),
    "test": ("test", "testing", "holdout", "heldout", "held_out", "held-out"),
}
_SEPARATORS = "_.- "
_REPLICATES = [
    re.compile(r"^(.*?)[_.\- ]?(?:bio|tech)?[_.\- ]?(?:replicate|rep)[_.\- ]?([0-9]+)(.*)$", re.IGNORECASE),
    # A single letter needs a separator: `chr1` is no replicate.
    re.compile(r"^(|.*?[_.\- ])r[_.\- ]?([0-9]+)(|[_.\- ].*)$", re.IGNORECASE),
]
_NUMBERED = re.compile(r"^(.*?)[_.\- ]?([0-9]+)()$")


def is_count(name: str) -> bool:
    """Return whether a name speaks of counts of reads, and not of a ratio of them."""
    return COUNTS.search(name) is not None and RATIO.search(name) is None


def replicates_among(names: Iterable[str]) -> dict[str, list[str]]:
    """Return the columns that are replicates of each other, two or more, by what their names have in common.

    Names such as `activity_rep1` and `activity_rep2` are replicates of `activity`. What is left of `rep1` and `rep2` is
    nothing, and their measurement is called `activity` too.
    """
    return _alike(names, _REPLICATES)


def numbered_among(names: Iterable[str]) -> dict[str, list[str]]:
    """Return columns whose names differ by a number at their end alone, which may be replicates."""
    return _alike(names, [_NUMBERED])


def _alike(names: Iterable[str], patterns: Iterable[re.Pattern[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        match = next((match for pattern in patterns if (match := pattern.match(name))), None)
        if match:
            parts = (match[1].strip(_SEPARATORS), match[3].strip(_SEPARATORS))
            found["_".join(filter(None, parts)) or "activity"].append(name)
    return {stem: own for stem, own in found.items() if len(own) > 1}


def split_labels(values: Iterable[str]) -> dict[str, list[str]] | None:
    """Return the values that name each split; None if one names none, or train, validation or test is missing."""
    labels: dict[str, list[str]] = {}
    for value in values:
        split = next((split for split, words in SPLIT_WORDS.items() if value.lower() in words), None)
        if split is None:
            return None
        labels.setdefault(split, []).append(value)
    return labels if {"train", "validation", "test"} <= labels.keys() else None
