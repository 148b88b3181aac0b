"""Measured sequences as a person has them in memory, checked and divided into splits."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from degu.config.check_split import SPLITS
from degu.data.build import check_single_precision
from degu.data.splits import CODE, connect_groups, find_leaks, random_split
from degu.data.store import SequenceStore, digest_of
from degu.errors import DeguError, name_rows
from degu.library.arrays import (
    Split,
    activity_of,
    check_extremes,
    flanks_of,
    labels_of,
    moments_of,
    names_of,
    replicates_of,
    split_of,
    units_of,
)
from degu.library.sequences import tokens_of
from degu.package.construct import Construct


class Assay:
    """Sequences and what an assay measured of them.

    Parameters
    ----------
    sequences
        N sequences of one length without the flanks: strings of ACGTN, tokens (N, n), or a one-hot array (N, n, 4) in
        the order A, C, G, T.
    activity
        Measured activity, (N,) or (N, T) for T targets; None stands for the mean of the replicates. The columns of a
        table name the targets.
    replicates
        Measured activity of each of R replicates, (N, R) or, for more targets than one, (N, T, R). NaN stands for a
        replicate that is missing; two or more have to be there. Models then predict the standard deviation over them,
        too.
    groups
        Labels, (N,), of sequences that have to share a split, such as all mutants of one element. Equal sequences and
        reverse complements share one anyhow.
    split
        For each sequence `train`, `validation`, `calibration` or `test`; or a mapping of these to fractions, by which
        groups are drawn at random. By default the fractions are those of the pipeline.
    targets
        Names of the T targets.
    units
        The unit of all targets, or one for each.
    flanks
        The constant bases that the assay has left and right of each sequence.

    Attributes
    ----------
    tokens
        The sequences between their flanks, uint8 (N, L).
    activity, std
        Activity and, if there are replicates, their standard deviation (ddof=1), float64 (N, T).
    replicates
        The replicates, float64 (N, T, R), if there are any.
    targets, units
        T names each.
    construct
        The flanks, and the length of the whole.
    named_splits
        Whether a person has named the split of each sequence.

    Raises
    ------
    DeguError
        If something is missing, of the wrong shape or out of range.

    Examples
    --------
    >>> assay = Assay(["ACGT", "CCGT", "GGTA"], [0.5, 1.25, -0.5], units="log2(RNA/DNA)", flanks=("TT", ""))
    >>> assay.construct.length
    6
    """

    def __init__(
        self,
        sequences: Any,
        activity: Any,
        replicates: Any = None,
        *,
        groups: Any = None,
        split: Split = None,
        targets: Sequence[str] | None = None,
        units: str | Sequence[str] = "",
        flanks: tuple[str, str] = ("", ""),
    ) -> None:
        inserts = tokens_of(sequences)
        number = len(inserts)
        self.replicates = replicates_of(replicates, number)
        mean: np.ndarray | None = None
        self.std: np.ndarray | None = None
        if self.replicates is not None:
            mean, self.std = moments_of(self.replicates)
        self.activity = activity_of(activity, number, mean)
        check_extremes(self.activity, self.replicates)
        columns = [str(name) for name in activity.columns] if hasattr(activity, "columns") else None
        self.targets = names_of(columns if targets is None else targets, self.activity.shape[1])
        self.units = units_of(units, len(self.targets))
        left, right = flanks_of(flanks)
        self.construct = Construct(len(left) + inserts.shape[1] + len(right), left, right)
        self.tokens = self.construct.around(inserts)
        self._groups = connect_groups(inserts, labels_of(groups, number))
        self._split = split_of(split, number)

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def named_splits(self) -> bool:
        """Whether a person has named the split of each sequence."""
        return isinstance(self._split, np.ndarray)

    def store(self, seed: int) -> SequenceStore:
        """Return the sequences in their splits, as the pipeline keeps them.

        Parameters
        ----------
        seed
            Seed of a random split.

        Raises
        ------
        DeguError
            If a split is empty, or relatives are in different splits.
        """
        split = self._codes(seed)
        self._check(split)
        check_single_precision(self.activity, self.targets, where="activity")
        store = SequenceStore(
            tokens=self.tokens,
            targets=self.activity.astype(np.float32),
            split=split,
            group=self._groups,
            names=np.array([f"sequence{number}" for number in range(1, len(self) + 1)]),
            target_names=list(self.targets),
            units=list(self.units),
            replicate_std=None if self.std is None else self.std.astype(np.float32),
            replicates=None if self.replicates is None else self.replicates.astype(np.float32),
            attributes={"dataset": "assay", "flanks": list(self.construct.flanks)},
        )
        store.attributes["digest"] = digest_of(store)
        return store

    def _codes(self, seed: int) -> np.ndarray:
        if isinstance(self._split, np.ndarray):
            return self._split
        # The pipeline draws the split of a data set by the same numbers.
        return random_split(self._groups, self._split, np.random.default_rng([seed, 0]))

    def _check(self, split: np.ndarray) -> None:
        groups = f"{len(self):,} sequences in {len(np.unique(self._groups)):,} groups of relatives"
        for name in SPLITS:
            if not (split == CODE[name]).any():
                raise DeguError(
                    f"no sequence is in the split '{name}' ({groups})",
                    where="split",
                    remedy="name it for some sequences" if self.named_splits else "give more sequences, or a split",
                )
        leaks = find_leaks(split, self._groups)
        if leaks.size:
            row = int(leaks[0])
            relative = int(np.flatnonzero((self._groups == self._groups[row]) & (split != split[row]))[0])
            raise DeguError(
                f"{leaks.size:,} sequences have an equal one, a reverse complement or a member of their group in "
                f"another split: {name_rows(leaks + 1, word='sequence')}; sequence {row + 1} is in "
                f"{SPLITS[split[row]]}, its relative, sequence {relative + 1}, in {SPLITS[split[relative]]}",
                where="split",
                expected="relatives in one split",
                remedy="name one split for them, or leave the earlier one out",
            )
