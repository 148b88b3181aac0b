"""What of a training is seldom changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from degu.errors import DeguError

STRANDS = ("one", "both")


@dataclass(frozen=True)
class Settings:
    """How members and students are trained.

    Attributes
    ----------
    teacher, student
        Keys of the recommended recipes of members and of students with other values, such as `{"epochs": 30}`. They are
        those of the files in `config/teachers/` and `config/students/`, but a `pool` or an `augmentation` is a mapping
        of its settings in place of a name.
    student_build
        The network of students, as `degu.library.architectures.architecture_of` takes it; None stands for that of the
        members, with three times as many motif detectors if it is one of `degu.models`.
    students
        Number of students, 1 or more, whose predictions are averaged.
    strands
        `both` if a sequence and its reverse complement mean the same, and members are to use the mean of their
        predictions for both. Students do as their members do.
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

    teacher: Mapping[str, Any] = field(default_factory=dict)
    student: Mapping[str, Any] = field(default_factory=dict)
    student_build: Any = None
    students: int = 1
    strands: str = "one"
    together: int = 10
    deterministic: bool = True
    verbose: bool = True

    def __post_init__(self) -> None:
        check_number(self.students, "students", 1)
        check_number(self.together, "together", 1)
        if self.strands not in STRANDS:
            raise DeguError(f"{self.strands!r} was given", where="strands", expected=" or ".join(map(repr, STRANDS)))

    @property
    def changes_of_members(self) -> dict[str, Any]:
        """The changes of the recipe of members."""
        return {"strands": self.strands, **self.teacher}


def check_number(value: Any, where: str, least: int) -> None:
    """Check that an argument is a whole number and not too small.

    Raises
    ------
    DeguError
        If it is not.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise DeguError(f"{value!r} was given", where=where, expected=f"a whole number of {least} or more")
