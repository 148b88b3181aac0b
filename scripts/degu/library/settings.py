"""What of a training is seldom changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from degu.errors import DeguError, did_you_mean
from degu.library.recipes import teacher_names

STRANDS = ("one", "both")


@dataclass(frozen=True)
class Settings:
    """How members and students are trained.

    Attributes
    ----------
    recipe
        Name of the recommended recipe that members are trained by: `motif_cnn_noise`, or `motif_cnn_noise_replicates`
        with the standard deviation over replicates as a head, or `motif_cnn_small_assay` for less than about five
        thousand sequences that mean the same on both strands. None stands for one of the first two.
    teacher, student
        Keys of the recipes of members and of students with other values, such as `{"epochs": 30}`. They are
        those of the files in `config/teachers/` and `config/students/`, but a `pool` or an `augmentation` is a mapping
        of its settings in place of a name.
    student_build
        The network of students, as `degu.library.architectures.architecture_of` takes it; None stands for that of the
        members, with three times as many motif detectors if it is one of `degu.models`.
    students
        Number of students, 1 or more, whose predictions are averaged.
    strands
        `both` if a sequence and its reverse complement mean the same, and members are to use the mean of their
        predictions for both; or `one`. None stands for what the recipe says. Students do as their members do.
    together
        Number of models that are trained side by side, which is faster for small networks and takes more memory.
    deterministic
        Whether operations are to give the same result every time.
    verbose
        Whether progress and warnings are written to the terminal.

    Raises
    ------
    DeguError
        If a value is not one of those that are told here.
    """

    recipe: str | None = None
    teacher: Mapping[str, Any] = field(default_factory=dict)
    student: Mapping[str, Any] = field(default_factory=dict)
    student_build: Any = None
    students: int = 1
    strands: str | None = None
    together: int = 10
    deterministic: bool = True
    verbose: bool = True

    def __post_init__(self) -> None:
        check_number(self.students, "students", 1)
        check_number(self.together, "together", 1)
        if self.strands is not None and self.strands not in STRANDS:
            raise DeguError(f"{self.strands!r} was given", where="strands", expected=" or ".join(map(repr, STRANDS)))
        if self.recipe is not None and self.recipe not in teacher_names():
            raise DeguError(
                f"there is no recipe '{self.recipe}'",
                where="recipe",
                expected=did_you_mean(self.recipe, teacher_names()),
            )

    @property
    def changes_of_members(self) -> dict[str, Any]:
        """The changes of the recipe of members."""
        return {**({} if self.strands is None else {"strands": self.strands}), **self.teacher}

    def recipe_of_members(self, replicates: bool) -> str:
        """Return the name of the recipe of members, with replicates or without."""
        return self.recipe or teacher_names()[1 if replicates else 0]


def check_number(value: Any, where: str, least: int) -> None:
    """Check that an argument is a whole number and not too small.

    Raises
    ------
    DeguError
        If it is not.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise DeguError(f"{value!r} was given", where=where, expected=f"a whole number of {least} or more")
