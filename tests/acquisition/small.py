"""A learner that trains in seconds, for the tests of rounds."""

from degu.acquisition.learner import Learner
from degu.library.recipes import distilled_recipe
from tests.conftest import small_recipe

LABELS = {"dataset": "small", "teacher": "tiny", "student": "plain"}
MUTATION = {"augmentations": [{"name": "mutation"}], "number": 1}
# These keys of a student's recipe make its training short.
QUICK = {
    "pool": {"source": {"name": "training"}, "augmentation": MUTATION, "variants": 2},
    "optimizer": {"learning_rate": 0.01},
    "epochs": 3,
    "detectors": 1,
}


def learner(seed: int = 3, **changes) -> Learner:
    """Return how two members are trained, by a small recipe with changes, and a student that is distilled from them."""
    own = {"kmer_ridge_weight": 0, **small_recipe(), "epochs": 3, **changes}
    student = distilled_recipe(own, None, QUICK, own=True)
    return Learner(own, student, 2, seed, "code", LABELS, "CPU", 1)
