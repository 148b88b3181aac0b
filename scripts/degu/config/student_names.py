"""Names of students, which may change the number of members or the pool that a recipe is distilled with."""

import re
from typing import NamedTuple

from degu.errors import DeguError

_PATTERN = re.compile(
    r"(?P<recipe>[A-Za-z0-9_]+)(-(?P<members>[1-9][0-9]*))?(@(?P<pool>[A-Za-z0-9_]+)(-(?P<size>[1-9][0-9]*))?)?"
)
# This is the name of no pool: a student is distilled on the training sequences alone.
NO_POOL = "none"


class StudentName(NamedTuple):
    """The parts of a student's name, `RECIPE-MEMBERS@POOL-SIZE`; what the name does not say is None.

    Attributes
    ----------
    recipe
        Name of the recipe's file.
    members
        Number of members that the student is distilled from.
    pool
        Name of the pool that takes the place of the recipe's own; `none` stands for no pool.
    size
        Number of sequences of that pool.
    """

    recipe: str
    members: int | None
    pool: str | None
    size: int | None

    def changes(self) -> dict[str, object]:
        """Return the keys of the recipe that the name sets."""
        changed: dict[str, object] = {}
        if self.members is not None:
            changed["ensemble_size"] = self.members
        if self.pool is not None:
            changed |= {"pool": None if self.pool == NO_POOL else self.pool, "pool_size": self.size}
        return changed


def parse_student_name(name: str, *, where: str = "configuration: study.students") -> StudentName:
    """Return the parts of a student's name.

    Parameters
    ----------
    name
        The name.
    where
        The place of the list that holds the name, for error messages.

    Raises
    ------
    DeguError
        If the name has another form.
    """
    found = _PATTERN.fullmatch(name)
    members = found and found["members"] and int(found["members"])
    if found is None or members == 1 or (found["pool"] == NO_POOL and found["size"]):
        raise DeguError(
            f"'{name}' is no name of a student",
            where=where,
            expected="RECIPE, RECIPE-K for one of the first K members, with K of 2 or more, such as degu-5, or "
            "RECIPE@POOL-N for one on the first N sequences of a pool, such as degu@random-4000",
        )
    size = found["size"] and int(found["size"])
    return StudentName(found["recipe"], members or None, found["pool"], size or None)
