"""Let models predict either allele of variants and, with a head for it, the uncertainty of the difference."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from _job import job
from degu.training.backend import keras, prepare
from degu.data.batches import EVALUATION_BATCH
from degu.data.store import read_store
from degu.distillation.differences import features_of
from degu.package.construct import Construct
from degu.prediction.ensemble import models_of_seeds, read_predictions
from degu.prediction.predictor import Predictor, predict_members
from degu.variants.placing import Placed, place_variants
from degu.variants.prediction import averaged, stds_of_differences, write_pair_predictions
from degu.variants.variant_set import read_variants

if TYPE_CHECKING:
    from snakemake.script import snakemake


def stds(student: Path, head: Path, worth: Path, placed: dict[str, Placed]) -> dict:
    """Return the standard deviations of differences that a student predicts, by the kind of window."""
    network = keras.saving.load_model(head, compile=False)
    factors = [target["factor"] for target in json.loads(worth.read_text(encoding="utf-8"))["calibration"]["head"]]
    return stds_of_differences(
        features_of(Predictor(student).model),
        lambda first, second: network.predict([first, second], batch_size=EVALUATION_BATCH, verbose=0),
        factors,
        placed,
    )


if __name__ == "__main__":
    with job(snakemake):
        files, params = snakemake.input, snakemake.params
        prepare(snakemake.threads, deterministic=params.deterministic, gpu_expected=bool(snakemake.resources.gpu))
        store = read_store(files.store, only=())
        # Members that have not learned may have been left out of their ensemble.
        kept = read_predictions(files.predictions, store).seeds
        construct = Construct.of_store(store, params.strands)
        placed = place_variants(read_variants(files.variants), construct, params.settings, pad=params.pad)
        constructs = {windows: own.distinct for windows, own in placed.items()}
        models = models_of_seeds(files.models, params.seeds, kept)
        predicted = predict_members(models, kept, constructs, **params.prediction)
        difference = files.get("difference")
        std = stds(models[0], Path(difference[0]), Path(difference[1]), placed) if difference else {}
        write_pair_predictions(averaged(predicted, placed, std), Path(snakemake.output[0]), store.digest)
        logging.info("%d models predicted %s constructs", len(models), f"{sum(map(len, constructs.values())):,}")
