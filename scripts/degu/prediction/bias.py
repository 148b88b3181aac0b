"""Networks of an enzyme's bias: how one gets ready to be within another network, and how a member loses it again."""

import logging
from pathlib import Path

import numpy as np

# Keras comes from this module, which imports it without the notes that TensorFlow writes as it starts.
from degu.training.backend import total_parameters
from degu.data.store import SequenceStore
from degu.errors import DeguError
from degu.formats.files import file_digest
from degu.models.layers.bias import BiasNetwork, without_bias
from degu.prediction.predictor import Predictor
from degu.training.building import plain_copy
from degu.training.flops import forward_flops
from degu.training.saving import save_model

log = logging.getLogger(__name__)


def read_bias(path: Path, store: SequenceStore, rows: np.ndarray) -> BiasNetwork:
    """Return a bias network with the shift of its log counts, which is that of ChromBPNet.

    The shift is the mean of log(1 + counts) less its prediction, over the negatives among rows. A bias network is
    trained on negatives with few counts, and so predicts fewer than all negatives have. ChromBPNet takes negatives of
    the training and the validation chromosomes.

    Parameters
    ----------
    path
        The `.keras` file of a trained member of the bias network's teacher.
    store, rows
        The data set, and the rows that the network about it is trained on.

    Raises
    ------
    DeguError
        If there is no negative among these rows, or the file holds no model.
    """
    negatives = rows[store.is_negative[rows]]
    if not len(negatives):
        raise DeguError(
            "there are no negatives among the training rows, which a bias network is brought to the level of",
            where="recipe: bias",
            expected="a data set with negatives, such as one with `options.negatives: 1`",
        )
    predictor = Predictor(path)
    predicted = predictor.predict(store.tokens[negatives])["mean"].astype(np.float64)
    shift = (store.targets[negatives] - predicted).mean(axis=0)
    log.info(
        "log counts of the bias network are shifted by %s, over %s negatives",
        ", ".join(f"{value:.3f} ({name})" for value, name in zip(shift, store.target_names, strict=True)),
        f"{len(negatives):,}",
    )
    return BiasNetwork(predictor.model, predictor.outputs, tuple(shift.tolist()), file_digest(path))


def remove_bias(member: Path, path: Path) -> None:
    """Write what a trained member is without its bias network, with its description beside it.

    Parameters
    ----------
    member
        The `.keras` file of the member.
    path
        The `.keras` file to write. The JSON of the same name is written, too.

    Raises
    ------
    DeguError
        If the member contains no bias network, or its file holds no model.
    """
    predictor = Predictor(member)
    description = predictor.description
    if not description.get("bias"):
        raise DeguError(
            "the member contains no bias network", where=member, expected="a member of a teacher with `bias`"
        )
    network = plain_copy(without_bias(predictor.model, predictor.outputs))
    changed = {
        "parameters": total_parameters(network.weights),
        "flops": forward_flops(network) if description["flops"] is not None else None,
        "bias": {**description["bias"], "removed": True},
    }
    save_model(network, predictor.outputs, {**description, **changed}, path, path.with_suffix(".json"))
