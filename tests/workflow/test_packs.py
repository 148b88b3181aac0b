"""Models that are trained in one job are the same as if each had a job of its own."""

import numpy as np
import pytest
import yaml

from degu.data.splits import SPLITS
from tests.workflow.checkout import small_copy
from tests.workflow.command import job_counts, succeed
from tests.workflow.small_run import ENSEMBLE, STUDENT, baseline, predictions

pytestmark = pytest.mark.system


def test_models_packed_into_jobs_are_those_of_jobs_of_their_own(run, tmp_path):
    copy = small_copy(tmp_path)
    (copy / "packed.yaml").write_text(yaml.safe_dump({"members_per_job": 2, "students_per_job": 2}))
    files = [path / "predictions.h5" for path in (ENSEMBLE, baseline("quantile"), STUDENT)]
    output = succeed(copy, "--configfile", "small.yaml", "packed.yaml", "--", *files)
    counts = job_counts(output)
    assert {name: count for name, count in counts.items() if "pack" in name} == {
        **{"train_member_pack": 2, "unpack_member": 4},
        **{"train_student_pack": 1, "unpack_student": 1},
    }
    # A job counts as all of its models.
    assert "Models to train: 5\n" in output
    assert "5 of 5 trainings done" in output
    for file in files:
        together, alone = predictions(copy / file), predictions(run / file)
        for split in SPLITS:
            np.testing.assert_array_equal(together[split], alone[split])
