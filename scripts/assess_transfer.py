"""Assess how the models of a data set do on the measured sequences of another one."""

from typing import TYPE_CHECKING

import pandas as pd

from _job import job
from _shifts import labels_of, ridge_of
from degu.data.store import read_store
from degu.formats.tables import write_table
from degu.prediction.ensemble import read_predictions
from degu.shift.prediction import predictions_of, read_parts
from degu.shift.transfer import PARTS, population
from degu.shift.transfer_assessment import TransferTables, assess_transfer
from degu.shift.transfer_ratios import transfer_ratios

if TYPE_CHECKING:
    from snakemake.script import snakemake


if __name__ == "__main__":
    with job(snakemake):
        files, params = snakemake.input, snakemake.params
        store, other = read_store(files.store, only=()), read_store(files.other, only=())
        populations = {part: population(store, other, part, params.targets) for part in PARTS}
        predicted = read_predictions(files.predictions, store), read_parts(files.transferred, store.digest, PARTS)
        assessed = [(*predicted, params.model, params.family)]
        if params.model == "member":
            # The floor that every model must beat.
            ridge = ridge_of(store, float(snakemake.wildcards.fraction), params.seed)
            parts = (
                {split: store.tokens[store.rows(split)] for split in PARTS},
                {part: found.tokens for part, found in populations.items()},
            )
            own, transferred = (predictions_of(ridge.predict, store.target_names, each) for each in parts)
            assessed.append((own, transferred, "kmer_ridge", "normal"))
        found = [
            assess_transfer(
                store,
                populations,
                own,
                transferred,
                params.settings,
                targets=params.targets,
                model=model,
                family=family,
            )
            for own, transferred, model, family in assessed
        ]
        ratios = [
            transfer_ratios(
                store, populations["test"], own, transferred, targets=params.targets, model=model, seed=params.seed
            )
            for own, transferred, model, _ in assessed
        ]
        labels = {**labels_of(snakemake), "transfer": snakemake.wildcards.transfer}
        tables = {name: [getattr(each, name) for each in found] for name in TransferTables._fields}
        for name, each in {**tables, "ratios": ratios}.items():
            write_table(pd.concat(each).assign(**labels), snakemake.output[name])
