"""Training and distillation in one call, and what is imported for it."""

import subprocess
import sys

import numpy as np
import pytest

import degu
from degu.library.distil import distil
from tests.conftest import REPOSITORY
from tests.library.conftest import FLANKS, QUICK, arrays_of, build


def test_it_is_the_training_and_the_distillation_one_after_the_other(student, assay):
    sequences, activity = arrays_of()
    fractions = {"train": 0.6, "validation": 0.1, "calibration": 0.2, "test": 0.1}
    found = distil(
        build,
        sequences,
        activity,
        members=3,
        seed=2,
        settings=QUICK,
        split=fractions,
        targets=["Dev", "Hk"],
        flanks=FLANKS,
    )
    for head, values in student.predict(sequences[:20]).items():
        np.testing.assert_allclose(found.predict(sequences[:20])[head], values, rtol=1e-5, atol=1e-5)
    assert found.units == ["", ""]


def test_an_argument_that_is_not_there_is_told():
    with pytest.raises(TypeError, match="unexpected keyword argument 'unit'"):
        distil(build, ["ACGT"], [1], unit="log2")


def python(code: str) -> str:
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, 'scripts'); {code}"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_imports_nothing_heavy():
    heavy = "('numpy', 'pandas', 'h5py', 'scipy', 'keras', 'tensorflow')"
    assert python(f"import degu; dir(degu); print([name for name in {heavy} if name in sys.modules])") == "[]"


def test_all_that_the_package_offers_works_without_snakemake_yaml_and_jsonschema():
    blocked = "sys.modules.update(dict.fromkeys(['snakemake', 'yaml', 'jsonschema', 'click']))"
    code = f"{blocked}; import degu; print([getattr(degu, name).__name__ for name in degu._LAZY])"
    assert python(code) == str(list(degu._LAZY))


def test_a_name_that_is_not_there_is_told():
    with pytest.raises(AttributeError, match="module 'degu' has no attribute 'destil'"):
        degu.destil  # noqa: B018
    assert {"distil", "Ensemble", "Student", "open_student"} <= set(dir(degu))
