"""What students have of the members of their ensemble when their training begins."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from degu.models.layers.kmer_ridge import mean_kmer_ridge
from degu.prediction.predictor import Predictor
from degu.training.building import Build, Inheritance


def inheritance_of(
    recipe: Mapping, members: Sequence[Path], numbers: Iterable[int], build: Build | None = None
) -> dict[int, Inheritance]:
    """Return what each student has of the members: their ridge regression, and the weights of another one each.

    Parameters
    ----------
    recipe
        Resolved settings of the student.
    members
        Files of the members; none if the recipe asks for nothing of theirs.
    numbers
        Seed numbers of the students.
    build
        Function that builds the students' network; None stands for that of the architecture that the recipe names.
    """
    with_weights, with_ridge = recipe["initial_weights"] == "member", bool(recipe["kmer_ridge_weight"])
    predictors = [Predictor(path) for path in members] if with_weights or with_ridge else []
    ridge = mean_kmer_ridge([(member.model, member.outputs) for member in predictors]) if with_ridge else None
    models = {number: predictors[(number - 1) % len(predictors)].model for number in numbers} if with_weights else {}
    return {number: Inheritance(models.get(number), ridge, build) for number in numbers}
