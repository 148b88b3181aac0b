"""The sequence store: one HDF5 file a data set, sequences as tokens, targets, splits and provenance."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import h5py
import numpy as np

from degu.data.sequences import N_TOKEN
from degu.data.splits import CODE, SPLITS
from degu.errors import REMAKE, DeguError, did_you_mean
from degu.formats.hdf5 import read_hdf5, write_hdf5

FORMAT = "degu-sequence-store-1"
# The counts at each position, and those beside the windows.
COUNTS = ("counts", "context_counts")
# These arrays are read by name alone, because few need them.
_OPTIONAL = ("names", "replicates", *COUNTS, "context_tokens", "truth")
_SPLIT_TYPE = h5py.enum_dtype(CODE, basetype="u1")


@dataclass
class SequenceStore:
    """Measured (or simulated) sequences of one data set.

    Attributes
    ----------
    tokens
        uint8, (N, L): A0 C1 G2 T3 N4.
    targets
        float32, (N, T): the measured quantities, mean over replicates where there are any.
    split
        uint8, (N,): codes into `degu.data.splits.SPLITS`.
    group
        int64, (N,): relatives share a number; no group straddles two splits.
    names
        str, (N,).
    target_names, units
        One name and one unit for each target.
    replicate_std
        float32, (N, T) or None: standard deviation over replicates (ddof=1).
    replicates
        float32, (N, T, R) or None: each replicate, NaN where it is missing.
    counts
        uint16, (N, T, R, S, P) or None: for each target and replicate the number of reads or cuts at each of P
        positions, on S = 1 (unstranded) or 2 strands (forward, reverse), from the left end of the forward strand on.
    context_tokens, context_counts
        uint8 (N, 2 J) and uint16 (N, T, R, S, 2 J), or None: the J bases left and the J right of each window, from
        which training draws windows, and the counts there.
    negative
        bool, (N,) or None: whether a row is background that was drawn beside the regions of the assay.
    truth
        Arrays of N rows that only a simulator knows.
    profile_shape
        Number of strands and of positions that counts are known for, whether they have been read or not; None if there
        are no counts.
    attributes
        Provenance: importer, checksums of sources, counts of dropped rows, settings.
    """

    tokens: np.ndarray
    targets: np.ndarray
    split: np.ndarray
    group: np.ndarray
    names: np.ndarray
    target_names: list[str]
    units: list[str]
    replicate_std: np.ndarray | None = None
    replicates: np.ndarray | None = None
    counts: np.ndarray | None = None
    context_tokens: np.ndarray | None = None
    context_counts: np.ndarray | None = None
    negative: np.ndarray | None = None
    truth: dict[str, np.ndarray] = field(default_factory=dict)
    profile_shape: tuple[int, int] | None = None
    attributes: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.counts is not None and self.counts.ndim == 5:
            self.profile_shape = self.counts.shape[3:]

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def unit_of(self) -> dict[str, str]:
        """The unit of each target, by its name; it is empty where there is none."""
        return dict(zip(self.target_names, self.units, strict=True))

    def target_index(self, name: str, *, where: object = None) -> int:
        """Return the index of a target, or raise a `DeguError` at a place, by default that of the data set's name."""
        if name not in self.target_names:
            raise DeguError(
                f"there is no target '{name}'",
                where=where or self.attributes["dataset"],
                expected=did_you_mean(name, self.target_names),
            )
        return self.target_names.index(name)

    @property
    def insert(self) -> slice:
        """Where a sequence lies between the constant flanks of the assay."""
        left, right = self.attributes["flanks"]
        return slice(left, self.tokens.shape[1] - right)

    def rows(self, split: str) -> np.ndarray:
        """Return the row numbers of one split."""
        return np.flatnonzero(self.split == CODE[split])

    @property
    def total_counts(self) -> np.ndarray | None:
        """Counts of all replicates together, float32 (N, T, S, P); None if there are none."""
        return None if self.counts is None else self.counts.sum(axis=2, dtype=np.float32)

    @property
    def is_negative(self) -> np.ndarray:
        """Which rows are background that was drawn beside the regions of the assay, bool (N,)."""
        return np.zeros(len(self), dtype=bool) if self.negative is None else self.negative

    @property
    def margin(self) -> int:
        """Number of bases at either end of a sequence that lie beside the positions of the counts; 0 without counts."""
        return 0 if self.profile_shape is None else (self.tokens.shape[1] - self.profile_shape[1]) // 2

    @property
    def digest(self) -> str:
        """The sha256 of what a model is trained and judged on.

        It covers tokens, targets, replicate std, split and counts, and which rows are negatives where some are.
        """
        return self.attributes["digest"]


def write_store(store: SequenceStore, path: str | Path) -> None:
    """Validate a store and write it, whole or not at all."""
    store.attributes["digest"] = digest_of(store)
    _validate(store, f"{path}, which was not written")
    with write_hdf5(path) as file:
        file.attrs["format"] = FORMAT
        file.attrs["target_names"] = store.target_names
        file.attrs["units"] = store.units
        file.attrs["attributes"] = json.dumps(store.attributes, sort_keys=True, default=str)
        for name, values in _arrays(store):
            if name == "split":
                file.create_dataset(name, data=values, dtype=_SPLIT_TYPE, compression="gzip")
            elif name == "names":
                file.create_dataset(name, data=values.astype(object), dtype=h5py.string_dtype(), compression="gzip")
            else:
                # A row's counts are read together.
                chunks = (1, *values.shape[1:]) if name in COUNTS else True
                file.create_dataset(name, data=values, compression="gzip", chunks=chunks)


def read_store(
    path: str | Path, only: Iterable[str] | None = None, *, units: Mapping[str, str] | None = None
) -> SequenceStore:
    """Read a store and validate it.

    Parameters
    ----------
    path
        The HDF5 file.
    only
        The optional arrays to read, from `names`, `replicates`, `counts`, `context_counts`, `context_tokens` and
        `truth`; by default all of them. A training that needs none of them saves their memory.
    units
        The units of targets that the store itself does not name, by the names of the targets. A configuration may
        change them without a change of the store.

    Raises
    ------
    DeguError
        If the file is absent, damaged, of another format, or breaks the store's contract.
    """
    path = Path(path)
    if not path.is_file():
        raise DeguError("there is no such sequence store", where=path, remedy="run Snakemake to make it")
    optional = set(_OPTIONAL if only is None else only)
    with read_hdf5(path, "sequence store") as file:
        store = _read(file, path, optional)
    _validate(store, path, remedy=REMAKE)
    for index, name in enumerate(store.target_names):
        if units and name in units:
            store.units[index] = ", ".join(filter(None, [units[name], store.units[index]]))
    return store


def read_size(path: str | Path) -> tuple[int, int]:
    """Return the number of training rows of a store and the number of bases of a sequence, without reading the rest.

    Raises
    ------
    DeguError
        If it is damaged.
    """
    with read_hdf5(path, "sequence store") as file:
        return int((file["split"][:] == CODE["train"]).sum()), file["tokens"].shape[1]


def read_digest(path: str | Path) -> str:
    """Return the digest of a store without reading it.

    Raises
    ------
    DeguError
        If it is damaged.
    """
    with read_hdf5(path, "sequence store") as file:
        return json.loads(file.attrs["attributes"])["digest"]


def _read(file: h5py.File, path: Path, optional: set[str]) -> SequenceStore:
    if file.attrs.get("format") != FORMAT:
        raise DeguError(f"format {file.attrs.get('format')!r}", where=path, expected=FORMAT, remedy=REMAKE)
    n = len(file["tokens"])
    return SequenceStore(
        tokens=file["tokens"][:],
        targets=file["targets"][:],
        split=file["split"][:].astype(np.uint8),
        group=file["group"][:],
        names=file["names"].asstr()[:] if "names" in optional else np.full(n, ""),
        target_names=list(file.attrs["target_names"]),
        units=list(file.attrs["units"]),
        replicate_std=file["replicate_std"][:] if "replicate_std" in file else None,
        **{name: file[name][:] if name in file and name in optional else None for name in _OPTIONAL[1:-1]},
        negative=file["negative"][:].astype(bool) if "negative" in file else None,
        truth={name: values[:] for name, values in file["truth"].items()}
        if "truth" in file and "truth" in optional
        else {},
        profile_shape=file["counts"].shape[3:] if "counts" in file else None,
        attributes=json.loads(file.attrs["attributes"]),
    )


def _arrays(store: SequenceStore) -> Iterable[tuple[str, np.ndarray]]:
    for item in fields(store):
        values = getattr(store, item.name)
        if isinstance(values, np.ndarray):
            yield item.name, values
    for name, values in store.truth.items():
        yield f"truth/{name}", values


def digest_of(store: SequenceStore) -> str:
    """Return the sha256 of what a model is trained and judged on, as `SequenceStore.digest` describes it."""
    digest = hashlib.sha256()
    for values in (store.tokens, store.targets, store.replicate_std, store.split, store.counts):
        if values is not None:
            digest.update(np.ascontiguousarray(values).tobytes())
    if store.is_negative.any():
        digest.update(np.packbits(store.is_negative).tobytes())
    return digest.hexdigest()


def _validate(store: SequenceStore, where: str | Path, remedy: str | None = None) -> None:
    """Check shapes, types and ranges."""

    def require(condition: bool, problem: str) -> None:
        if not condition:
            raise DeguError(problem, where=where, remedy=remedy)

    n = len(store.tokens)
    t = len(store.target_names)
    require(n > 0, "the store is empty")
    require(store.tokens.ndim == 2 and store.tokens.dtype == np.uint8, "tokens are not uint8 of shape (N, L)")
    require(int(store.tokens.max()) <= N_TOKEN, "tokens hold values above 4")
    require(store.targets.shape == (n, t), f"targets have shape {store.targets.shape}, not ({n}, {t})")
    require(len(store.units) == t, f"{len(store.units)} units for {t} targets")
    require(bool(np.isfinite(store.targets).all()), "targets hold values that are not finite")
    require(
        store.split.shape == (n,) and int(store.split.max()) < len(SPLITS), "splits are not codes 0 to 3, one a row"
    )
    require(store.group.shape == (n,) and store.names.shape == (n,), "groups and names are not one a row")
    if store.replicate_std is not None:
        require(store.replicate_std.shape == (n, t), "replicate_std has not the shape of targets")
        require(
            bool(np.isfinite(store.replicate_std).all() and (store.replicate_std >= 0).all()),
            "replicate_std holds negative or missing values",
        )
    if store.replicates is not None:
        require(store.replicates.shape[:2] == (n, t), "replicates are not of shape (N, T, R)")
    if store.counts is not None:
        require(store.counts.ndim == 5 and store.counts.shape[:2] == (n, t), "counts are not of shape (N, T, R, S, P)")
        require(store.counts.dtype == np.uint16, "counts are not uint16")
        require(store.counts.shape[3] in (1, 2), f"counts are of {store.counts.shape[3]} strands, not of 1 or 2")
    if store.context_tokens is not None:
        require(len(store.context_tokens) == n and store.context_tokens.shape[1] % 2 == 0, "context is not (N, 2 J)")
    if store.negative is not None:
        require(store.negative.shape == (n,), "negative is not one a row")
    for name, values in store.truth.items():
        require(len(values) == n, f"truth/{name} has {len(values)} rows, not {n}")
