"""The truth of any sequence, against that of the simulated ones."""

import numpy as np

from degu.config.configuration import Configuration
from degu.data.importers.simulated_mpra import load
from degu.data.known_truth import known_truth
from tests.conftest import REPOSITORY


def test_it_is_that_of_the_simulated_sequences():
    configuration = Configuration({"datasets": ["simulated_mpra"]}, [REPOSITORY / "config"])
    settings = configuration.datasets["simulated_mpra"]
    files = {"motifs": REPOSITORY / "resources/jaspar_motifs.txt"}
    options = {**settings["options"], "number": 200, "seed": 3}
    records = load(files, drop_bad_rows=False, **options)
    mean, noise = known_truth({"importer": "simulated_mpra", "options": options}, files)(records.tokens)
    np.testing.assert_array_equal(mean, records.truth["mean"][:, 0])
    np.testing.assert_array_equal(noise, records.truth["noise_std"][:, 0])


def test_nothing_is_known_of_other_data_sets():
    assert known_truth({}, {}) is None
