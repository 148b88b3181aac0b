"""Assess how well models predict the effects of variants, and whether the uncertainty of a difference knows it."""

import logging
from typing import TYPE_CHECKING

import numpy as np

from _job import job
from degu.data.overlaps import overlapping
from degu.data.store import SequenceStore, read_store
from degu.evaluation.claims import count_verdicts
from degu.formats.tables import write_table
from degu.package.construct import Construct
from degu.variants.assessment import Judged, assess_variants
from degu.variants.claims import check_variant_claims
from degu.variants.effects import effects_of_baseline, effects_of_members, effects_of_students
from degu.variants.placing import NATIVE, parts_of, place_variants
from degu.variants.prediction import read_pair_predictions
from degu.variants.variant_set import read_variants

if TYPE_CHECKING:
    from snakemake.script import snakemake


# Windows that share a stretch of so many bases with training sequences are told.
STRETCH = 24


def tell_overlap(windows: np.ndarray, store: SequenceStore) -> None:
    """Log how many windows of variants, (n, L), share a stretch with an insert that models were trained on."""
    shared = overlapping(windows, store.tokens[store.rows("train"), store.insert], STRETCH)
    log = logging.warning if shared.any() else logging.info
    log("%s of %s windows share %d bases with a training sequence", f"{shared.sum():,}", f"{len(shared):,}", STRETCH)


if __name__ == "__main__":
    with job(snakemake):
        files, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
        store, variants = read_store(files.store, only=()), read_variants(files.variants)
        # Whole sequences are looked for among those of the data set, and stretches of windows among those of training.
        plain = {"windows": [NATIVE], "shifts": 0, "shift_by": 1, "both_strands": False}
        placed = place_variants(variants, Construct.of_store(store, "one"), plain, pad=params.pad)
        if not variants.are_whole:
            tell_overlap(placed[NATIVE].distinct[placed[NATIVE].rows[0, 0]], store)
        members, ridge = (read_pair_predictions(path, store.digest) for path in (files.members, files.kmer_ridge))
        students = [read_pair_predictions(path, store.digest) for path in files.students]
        found = {
            (windows, name): [
                *effects_of_baseline(ridge, windows, target, "kmer_ridge"),
                *effects_of_members(members, windows, target),
                *(
                    effects
                    for student, own in zip(params.students, students, strict=True)
                    for effects in effects_of_students(own, windows, target, student)
                ),
            ]
            for windows in members.windows
            for target, name in enumerate(store.target_names)
        }
        judged = Judged(
            variants,
            parts_of(variants, placed, store),
            params.judging["protocols"],
            params.judging["confident"],
            params.settings["level"],
            params.seed,
        )
        labels = {
            "dataset": wildcards.dataset,
            "teacher": wildcards.teacher,
            "fraction": float(wildcards.fraction),
            "variants": wildcards.variants,
        }
        tables = assess_variants(judged, found)
        claims = check_variant_claims(tables.scores, tables.uncertainty, params.settings["level"])
        for name, table in {**tables._asdict(), "claims": claims}.items():
            write_table(table.assign(**labels), snakemake.output[name])
        logging.info(count_verdicts(claims))
