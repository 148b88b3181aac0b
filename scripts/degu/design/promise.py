"""What a designer promises of sequences: the activity that its models predict, and how sure they are of it."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from degu.data.store import SequenceStore
from degu.errors import DeguError
from degu.outputs.heads import standard_deviations
from degu.prediction.ensemble import Predictions

ENSEMBLE, STUDENT = "ensemble", "student"


class Promise(NamedTuple):
    """What a designer predicts for n sequences.

    Attributes
    ----------
    mean
        Predicted activity, float64 (n,).
    std
        Epistemic standard deviation of it, float64 (n,); None if the designer has none.
    """

    mean: np.ndarray
    std: np.ndarray | None

    def score(self, penalty: float) -> np.ndarray:
        """Return the mean less `penalty` standard deviations, (n,); at 0 this is the mean.

        Raises
        ------
        DeguError
            If there is a penalty and no standard deviation.
        """
        if not penalty:
            return self.mean
        if self.std is None:
            raise DeguError(
                "the designer predicts no epistemic standard deviation",
                where="design: designs",
                expected="a penalty of 0",
                remedy="let an ensemble design, or a student with the head 'epistemic'",
            )
        return self.mean - penalty * self.std


def promise_of(predictions: Predictions, part: str, target: int) -> Promise:
    """Return what the models of a designer predict together for a part.

    Parameters
    ----------
    predictions
        Predictions of the designer alone: all members of an ensemble, one member, or one student.
    part, target
        The name of the part, and the index of the target.
    """
    heads = predictions.heads_of_ensemble(part)
    # The spread over a single model is no uncertainty, unless the model predicts one.
    alone = len(predictions.seeds) == 1 and "epistemic" not in predictions.heads.heads
    stds = {} if alone else standard_deviations(heads)
    std = stds["epistemic"][:, target] if "epistemic" in stds else None
    return Promise(heads["mean"][:, target].astype(np.float64), std)


def designing(predictions: Mapping[str, Predictions], designer: str) -> Predictions:
    """Return the predictions of the models of a designer: of all members, of the first one, or of the first student.

    Parameters
    ----------
    predictions
        Those of all `members` and, if a student designs, of all `students`.
    designer
        `ensemble`, `member` or `student`.
    """
    if designer == STUDENT:
        return predictions["students"].first(1)
    return predictions["members"].first(None if designer == ENSEMBLE else 1)


def index_of(target: str | None, store: SequenceStore) -> int:
    """Return the index of the target that is to rise; the first one if none is named.

    Raises
    ------
    DeguError
        If there is no such target.
    """
    return 0 if target is None else store.target_index(target, where="design: designs")
