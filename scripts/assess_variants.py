"""Assess how well models predict the effects of variants, and whether the uncertainty of a difference knows it."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.formats.tables import write_table
from degu.package.construct import Construct
from degu.variants.assessment import Judged, assess_variants
from degu.variants.effects import effects_of_baseline, effects_of_members, effects_of_students
from degu.variants.placing import parts_of, place_variants
from degu.variants.prediction import read_pair_predictions
from degu.variants.variant_set import read_variants

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params, wildcards = snakemake.input, snakemake.params, snakemake.wildcards
        store, variants = read_store(files.store, only=()), read_variants(files.variants)
        # Whole sequences are looked for among those of the data set.
        construct = Construct.of_store(store, "one")
        placed = place_variants(variants, construct, params.settings, pad=params.pad) if variants.are_whole else {}
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
        for name, table in assess_variants(judged, found)._asdict().items():
            write_table(table.assign(**labels), snakemake.output[name])
