"""The DNA that a model was trained on, and how a sequence of another length is brought into its form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from degu.data.sequences import N_TOKEN, decode, encode
from degu.errors import DeguError

if TYPE_CHECKING:
    # It takes longer to import than to open a student's folder.
    from degu.data.store import SequenceStore

# What can be done with a sequence that is shorter than the insert: nothing, or to fill it up with N on some side.
SHORTER = ("refuse", "left", "right", "both")


@dataclass(frozen=True)
class Construct:
    """The DNA that a model takes: an insert between the constant flanks of the assay.

    Attributes
    ----------
    length
        Number of bases of the whole.
    left, right
        The flanks, in upper case; empty without any.
    strands
        `both` if the model averages its predictions for an insert and for its reverse complement, else `one`.
    """

    length: int
    left: str = ""
    right: str = ""
    strands: str = "one"

    def __post_init__(self) -> None:
        if self.insert < 1 or self.strands not in ("one", "both"):
            raise DeguError(
                f"a construct of {self.length} bases with flanks of {len(self.left)} and {len(self.right)}, strands "
                f"'{self.strands}'",
                expected="an insert of one base or more, and strands `one` or `both`",
            )

    @property
    def insert(self) -> int:
        """Number of bases between the flanks."""
        return self.length - len(self.left) - len(self.right)

    @property
    def flanks(self) -> tuple[int, int]:
        """Numbers of bases of the left and of the right flank."""
        return len(self.left), len(self.right)

    @classmethod
    def of_store(cls, store: "SequenceStore", strands: str) -> "Construct":
        """Return the construct of a data set's sequences."""
        left, right = store.attributes["flanks"]
        whole = decode(store.tokens[:1])[0]
        return cls(len(whole), whole[:left], whole[len(whole) - right :], strands)

    def place(self, tokens: np.ndarray, *, stride: int = 0, shorter: str = "refuse") -> tuple[np.ndarray, np.ndarray]:
        """Return the constructs that a sequence is predicted in.

        A sequence of the construct's own length is taken as it is, and one of the insert's length is put between the
        flanks. A longer one is cut into windows of the insert's length, each of which is put between the flanks.

        Parameters
        ----------
        tokens
            One sequence, uint8 (n,).
        stride
            Number of bases from one window to the next; 0 stands for windows that do not overlap. What is left at the
            end gets a window of its own, which ends with the sequence.
        shorter
            What is done with a sequence that is shorter than the insert, from `SHORTER`.

        Returns
        -------
        starts
            Where each window begins in the sequence, counted from 0, int64 (W,).
        constructs
            The constructs, uint8 (W, L).

        Raises
        ------
        DeguError
            If the sequence is shorter than the insert, and is not to be filled up.
        """
        if len(tokens) == self.length:
            return np.zeros(1, dtype=np.int64), tokens[None].copy()
        if len(tokens) < self.insert:
            tokens = self._filled(tokens, shorter)
        starts = window_starts(len(tokens), self.insert, stride or self.insert)
        return starts, self.around(tokens[starts[:, None] + np.arange(self.insert)])

    def around(self, inserts: np.ndarray) -> np.ndarray:
        """Return the constructs, uint8 (N, L), of some inserts, uint8 (N, n), which are put between the flanks."""
        left, right = (np.tile(self._flank(bases), (len(inserts), 1)) for bases in (self.left, self.right))
        return np.concatenate([left, inserts, right], axis=1)

    def number_of_windows(self, bases: int, *, stride: int = 0, shorter: str = "refuse") -> int:
        """Return in how many constructs `place` puts a sequence of a number of bases; it raises what `place` raises."""
        if bases == self.length:
            return 1
        if bases < self.insert:
            self._check_shorter(bases, shorter)
            return 1
        return len(window_starts(bases, self.insert, stride or self.insert))

    def _check_shorter(self, bases: int, side: str) -> None:
        if side not in SHORTER[1:]:
            raise DeguError(
                f"the sequence has {bases} bases, and the model was trained on inserts of {self.insert}",
                expected=f"{self.insert} bases or more",
                remedy="give the bases around it; `degu predict --shorter both` fills sequences up with N, which the "
                "model has seldom seen",
            )

    def _filled(self, tokens: np.ndarray, side: str) -> np.ndarray:
        """Return a sequence that is filled up with N to the length of the insert."""
        self._check_shorter(len(tokens), side)
        missing = self.insert - len(tokens)
        before = {"left": missing, "right": 0, "both": missing // 2}[side]
        return np.pad(tokens, (before, missing - before), constant_values=N_TOKEN)

    @staticmethod
    def _flank(bases: str) -> np.ndarray:
        return encode([bases])[0] if bases else np.empty(0, dtype=np.uint8)

    def to_json(self) -> dict:
        """Return a mapping that `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping) -> "Construct":
        """Return the construct that `to_json` wrote."""
        return cls(**values)


def window_starts(length: int, window: int, stride: int) -> np.ndarray:
    """Return where windows begin that cover a sequence from its first to its last base, int64 (W,)."""
    starts = np.arange(0, length - window + 1, stride, dtype=np.int64)
    last = length - window
    return starts if starts[-1] == last else np.append(starts, last)
