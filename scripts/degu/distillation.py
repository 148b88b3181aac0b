"""What teachers and students are trained on.

The student's targets come from the predictions of one ensemble: mean and standard deviation over its members.
As published, the training targets are the ensemble's, while the targets of the validation and test splits keep
the measured activity (and the measured standard deviation over replicates).
"""

import numpy as np

from degu.ensemble import Predictions
from degu.errors import DeguError
from degu.heads import Heads
from degu.splits import SPLITS
from degu.store import SequenceStore


def measured_values(store: SequenceStore, heads: Heads) -> np.ndarray:
    """Return what was measured for a teacher's heads, float32 (N, H * T): mean, and std over replicates.

    Raises
    ------
    DeguError
        If a head was not measured in this data set.
    """
    measured = {"mean": store.targets, "aleatoric": store.replicate_std}
    for head in heads.heads:
        if measured.get(head) is None:
            raise DeguError(
                f"the data set has no measurement for the head '{head}'",
                where=store.attributes.get("dataset"),
                expected="replicates for 'aleatoric'; 'epistemic' is for students alone",
                remedy="take the head out of the teacher's recipe",
            )
    return np.concatenate([measured[head] for head in heads.heads], axis=1)


def student_values(store: SequenceStore, ensemble: Predictions, heads: Heads) -> dict[str, np.ndarray]:
    """Return a student's targets for each split, float32 (n, H * T), as means and standard deviations.

    ===========  ======================  ==========================
    head         train                   other splits
    ===========  ======================  ==========================
    mean         mean of the members     measured
    aleatoric    mean of the members'    std over replicates
    epistemic    std of the members      std of the members
    ===========  ======================  ==========================

    Raises
    ------
    DeguError
        If a head is asked for that the ensemble does not have.
    """
    for head in heads.heads:
        if head != "epistemic" and head not in ensemble.heads.heads:
            raise DeguError(
                f"the student's head '{head}' is not one of its teacher",
                expected=", ".join((*ensemble.heads.heads, "epistemic")),
                remedy="correct `heads` in the student's or the teacher's recipe",
            )
    if "aleatoric" in heads.heads and store.replicate_std is None:
        raise DeguError(
            "the student has an aleatoric head, but the data set no replicates",
            where=store.attributes.get("dataset"),
            remedy="take the head out of the student's or the teacher's recipe",
        )
    if "epistemic" in heads.heads and len(ensemble.seeds) < 2:
        raise DeguError("a standard deviation over one member is not defined", where="ensemble", expected="two or more")
    targets = {}
    for split in SPLITS:
        rows = store.rows(split)
        mean, std = ensemble.mean(split), ensemble.std(split)
        values = {"epistemic": ensemble.heads.select(std, "mean")}
        for head in ensemble.heads.heads:
            values[head] = ensemble.heads.select(mean, head)
        if split != "train":
            values["mean"] = store.targets[rows]
            if "aleatoric" in heads.heads:
                values["aleatoric"] = store.replicate_std[rows]
        targets[split] = np.concatenate([values[head] for head in heads.heads], axis=1).astype(np.float32)
    return targets
