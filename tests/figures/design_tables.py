"""Tables of designs, with random values."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from degu.design.kept import assess_promises
from degu.design.promise import Promise
from degu.evaluation.bootstrap import GroupBootstrap

STEPS = (0, 1, 5, 20)
DESIGNS = {"greedy_student": "student", "greedy_member": "member", "cautious": "ensemble"}


def designs(
    targets: Sequence[str] = ("Dev",), judges: Sequence[str] = ("truth", "own_ensemble"), names: Sequence[str] = ()
) -> pd.DataFrame:
    """Return what designs promise and do; a single member has no standard deviation."""
    rng = np.random.default_rng(1)
    tables = []
    for target in targets:
        for name in names or DESIGNS:
            designer = DESIGNS.get(name, "student")
            std = None if designer == "member" else rng.uniform(0.5, 1, 40)
            promises = {step: Promise(rng.normal(step / 4, 1, 40), std) for step in STEPS}
            known = {judge: {step: rng.normal(step / 8, 1, 40) for step in STEPS} for judge in judges}
            table = assess_promises(promises, known, GroupBootstrap(np.arange(40), 1))
            tables.append(table.assign(design=name, designer=designer, target=target))
    return pd.concat(tables, ignore_index=True)
