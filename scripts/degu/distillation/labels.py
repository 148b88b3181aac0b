"""The targets of teachers and students.

A teacher is trained on measurements. A student's targets come from the predictions of one ensemble: mean and standard
deviation over its members, or the members themselves where a loss asks for them. `degu.distillation.targets` names the
arrays.
"""

from collections.abc import Sequence

import numpy as np

from degu.config.check_recipe import COUNTED_TARGETS
from degu.data.profile_bins import bin_profile
from degu.data.profiles import depths_of, window_measurements
from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.errors import DeguError
from degu.prediction.ensemble import Predictions

# These arrays are the std over replicates, if a model is trained on measurements.
OF_REPLICATES = ("aleatoric", "replicate_std")


def measured_targets(store: SequenceStore, names: Sequence[str], *, bins: int = 1) -> dict[str, np.ndarray]:
    """Return a teacher's targets of every row of a store, by name.

    They are the measured activity, the std over replicates, the counts of all replicates together, and the std over
    replicates of the parts of the counts in some number of bins.

    Raises
    ------
    DeguError
        If something asked for was not measured in this data set.
    """
    known = {
        "measured": store.targets,
        "mean": store.targets,
        **dict.fromkeys(OF_REPLICATES, store.replicate_std),
    }
    if store.counts is not None and (of_counts := [name for name in COUNTED_TARGETS if name in names]):
        known |= window_measurements(store.counts, depths_of(store), of_counts, bins=bins)
    targets = {}
    for name in names:
        values = known.get(name)
        if values is None:
            raise DeguError(
                f"the data set has no measurement for '{name}'",
                where=store.attributes.get("dataset"),
                expected="replicates for 'aleatoric' and 'replicate_std', counts for 'profile'; 'epistemic' and "
                "members are for students",
                remedy="take the head out of the recipe, or train it with a loss that learns it from the measurements",
            )
        targets[name] = values
    return targets


def student_targets(
    store: SequenceStore,
    ensemble: Predictions,
    names: Sequence[str],
    *,
    validation: str = "measured",
    pool: Predictions | None = None,
    bins: int = 1,
) -> dict[str, dict[str, np.ndarray]]:
    """Return a student's targets for each split, and for the parts `pool_train` and `pool_validation` of a pool.

    Parameters
    ----------
    store, ensemble
        The data set, and the ensemble's predictions for it.
    names
        Names of the arrays that the student's loss reads.
    validation
        `measured`: outside the training split, `mean` is the measured activity, and `aleatoric` and
        `replicate_std` are the std over replicates, as published; `ensemble`: they are the ensemble's everywhere.
    pool
        The ensemble's predictions for the sequences of a pool.
    bins
        Number of bins of profiles whose standard deviation is wanted.

    Raises
    ------
    DeguError
        If something is asked for that the ensemble or the data set does not have.
    """
    if len(ensemble.seeds) < 2:
        raise DeguError("a standard deviation over one member is not defined", where="ensemble", expected="two or more")
    std = store.replicate_std
    of_replicates = [name for name in OF_REPLICATES if name in names]
    if of_replicates and validation == "measured" and std is None:
        raise DeguError(
            f"the head {of_replicates[0]} is to be validated on replicates, but the data set has none",
            where=store.attributes.get("dataset"),
            remedy="set `validation_targets: ensemble` in the student's recipe, or take the head out of it",
        )
    known_of = {} if pool is None else {f"pool_{part}": ensemble_targets(pool, part, bins) for part in pool.values}
    for split in SPLITS:
        rows = store.rows(split)
        known = ensemble_targets(ensemble, split, bins) | {"measured": store.targets[rows]}
        if split != "train" and validation == "measured":
            known["mean"] = store.targets[rows]
            if std is not None:
                known |= dict.fromkeys(OF_REPLICATES, std[rows])
        known_of[split] = known
    targets = {}
    for split, known in known_of.items():
        missing = [name for name in names if name not in known]
        if missing:
            raise DeguError(
                f"the student's loss needs '{missing[0]}', which its ensemble does not predict",
                expected=", ".join(known),
                remedy="correct `heads` or `loss` in the student's or the teacher's recipe",
            )
        targets[split] = {name: known[name].astype(np.float32) for name in names}
    return targets


def ensemble_targets(ensemble: Predictions, split: str, bins: int = 1) -> dict[str, np.ndarray]:
    """Return all named arrays that an ensemble's predictions of one split give.

    Probabilities are averaged over members, and so are profiles. The standard deviation of these is that of the
    probability in each of some number of bins.
    """
    members = np.moveaxis(ensemble.values[split], 0, 1)
    mean = ensemble.mean(split)
    arrays = {}
    if "mean" in ensemble.heads.heads:
        # The other heads may be large, and their standard deviation would be computed in double precision.
        arrays["epistemic"] = ensemble.heads.select(ensemble.values[split], "mean").std(axis=0, dtype=np.float64)
    if "profile" in ensemble.heads.heads:
        profiles = ensemble.heads.select(ensemble.values[split], "profile")
        arrays["profile_epistemic"] = bin_profile(profiles, bins).std(axis=0, dtype=np.float64)
    for head in ensemble.heads.heads:
        arrays[f"member_{head}"] = ensemble.heads.select(members, head)
        if head not in ("epistemic", "profile_epistemic"):
            arrays[head] = ensemble.heads.select(mean, head)
    return arrays
