"""Score the profiles that an ensemble and its students predict, and choose some regions to show."""

from typing import TYPE_CHECKING

from _job import job
from degu.data.store import read_store
from degu.evaluation.profile_scores import score_profiles
from degu.evaluation.profile_uncertainty import choose_examples, judge_profile_uncertainty
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        inputs, outputs, seed = snakemake.input, snakemake.output, snakemake.params.seed
        store = read_store(inputs.store, only=["names", "counts"])
        ensemble = read_predictions(inputs.ensemble, store, profiles=True).first(snakemake.params.ensemble_size)
        students = read_predictions(inputs.students, store, profiles=True)
        labels = {name: snakemake.wildcards[name] for name in ("dataset", "teacher", "student")}
        labels["fraction"] = float(snakemake.wildcards.fraction)
        write_table(score_profiles(store, ensemble, students, seed).assign(**labels), outputs.scores)
        uncertainty = judge_profile_uncertainty(store, ensemble, students, seed)
        write_table(uncertainty.assign(**labels), outputs.uncertainty)
        write_table(choose_examples(store, ensemble, students), outputs.examples)
