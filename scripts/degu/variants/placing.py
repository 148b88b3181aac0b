"""Measured variants in the constructs that models take, and whether a data set holds their sequences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from degu.data.sequences import canonical, encode, other_strand, reverse_complement
from degu.data.splits import SPLITS
from degu.data.store import SequenceStore
from degu.errors import DeguError
from degu.package.construct import Construct
from degu.variants.variant_set import VariantSet
from degu.variants.windows import columns_of, edited, places

# What models see of a variant: as many bases of the genome as a construct has, those of the insert between the flanks
# of the assay, or the whole sequences that were measured.
NATIVE, CONSTRUCT, WHOLE = "native", "construct", "whole"
# The part of pairs whose two sequences are in different splits.
MIXED = "mixed"


@dataclass(frozen=True)
class Placed:
    """Variants in constructs, some of which are equal.

    Attributes
    ----------
    distinct
        The constructs, uint8 (D, L), each once.
    rows
        Which of them has an allele: int64 (2, P, n), for the reference and the alternative allele, for each of P
        windows of a variant, which are averaged.
    """

    distinct: np.ndarray
    rows: np.ndarray


def place_variants(
    variants: VariantSet, construct: Construct, settings: Mapping, *, pad: str = "refuse"
) -> dict[str, Placed]:
    """Return variants in constructs, by the kind of window.

    Parameters
    ----------
    variants
        The variants.
    construct
        The DNA that the models take.
    settings
        `windows`, the kinds of window; `shifts` and `shift_by`, which place a variant elsewhere in further windows; and
        `both_strands`, which adds the reverse complement of each. Whole sequences have one window, and no shifts.
    pad
        Where whole sequences that are shorter than the insert are filled up with N (see `Construct.place`).

    Raises
    ------
    DeguError
        If a window is longer than what is known around a variant, or whole sequences do not fit.
    """
    turned = settings["both_strands"] and construct.strands == "one"
    if variants.are_whole:
        return {WHOLE: _placed(_whole(variants, construct, pad, turned=turned))}
    shifts = places(settings["shifts"], settings["shift_by"])
    kinds = {kind: _windows(variants, construct, kind, shifts) for kind in settings["windows"]}
    return {kind: _placed(_with_other_strand(own, construct, kind) if turned else own) for kind, own in kinds.items()}


def _windows(variants: VariantSet, construct: Construct, kind: str, shifts: Sequence[int]) -> np.ndarray:
    """Return constructs, uint8 (2, P, n, L)."""
    assert variants.left is not None and variants.right is not None
    length = construct.length if kind == NATIVE else construct.insert
    columns = columns_of(length, shifts)
    # An allele that is deleted brings in one base more.
    needed = max(max(columns), length - min(columns))
    known = min(min(map(len, variants.left)), min(map(len, variants.right)))
    if known < needed:
        raise DeguError(
            f"windows of {length} bases need {needed} bases on either side of a variant, and {known} are known",
            where="variants",
            remedy="set a higher `context` among the options of the set of variants",
        )
    alleles = [
        [
            edited(left, allele, right, length, shifts)
            for left, allele, right in zip(variants.left, own, variants.right, strict=True)
        ]
        for own in (variants.reference, variants.alternative)
    ]
    tokens = encode([text for own in alleles for windows in own for text in windows])
    whole = tokens if kind == NATIVE else construct.around(tokens)
    return whole.reshape(2, len(variants), len(shifts), construct.length).swapaxes(1, 2)


def _whole(variants: VariantSet, construct: Construct, pad: str, *, turned: bool) -> np.ndarray:
    """Return constructs, uint8 (2, P, n, L).

    What fills a sequence up stays on its side when the sequence is turned, as models know it.
    """
    alleles = []
    for own in (variants.reference, variants.alternative):
        tokens = [encode([text]) for text in own]
        strands = [tokens, [reverse_complement(one) for one in tokens]] if turned else [tokens]
        alleles.append([[_one_construct(one[0], construct, pad) for one in strand] for strand in strands])
    return np.array(alleles)


def _one_construct(tokens: np.ndarray, construct: Construct, pad: str) -> np.ndarray:
    """Return the construct of a sequence, uint8 (L,)."""
    _, constructs = construct.place(tokens, shorter=pad)
    if len(constructs) > 1:
        raise DeguError(
            f"a sequence of a variant has {len(tokens)} bases",
            where="variants",
            expected=f"at most {construct.insert}, as the inserts of the data set",
        )
    return constructs[0]


def _with_other_strand(constructs: np.ndarray, construct: Construct, kind: str) -> np.ndarray:
    """Return constructs, uint8 (2, 2 P, n, L), with the reverse complement of each insert; the flanks stay."""
    flat = constructs.reshape(-1, construct.length)
    turned = other_strand(flat, (0, 0) if kind == NATIVE else construct.flanks)
    return np.concatenate([constructs, turned.reshape(constructs.shape)], axis=1)


def _placed(constructs: np.ndarray) -> Placed:
    distinct, rows = np.unique(constructs.reshape(-1, constructs.shape[-1]), axis=0, return_inverse=True)
    return Placed(distinct, rows.reshape(constructs.shape[:-1]))


def parts_of(variants: VariantSet, placed: Mapping[str, Placed], store: SequenceStore) -> np.ndarray:
    """Return the part of each variant, str (n,).

    It is the published one. Whole sequences without published parts get the split of the data set that holds both;
    `mixed` if these are two, and empty text if one of them is in none.
    """
    if not variants.are_whole or any(variants.parts):
        return variants.parts
    known = dict(zip(canonical(store.tokens[:, store.insert]).tolist(), store.split.tolist(), strict=True))
    own = placed[WHOLE]
    codes = np.array([known.get(key, -1) for key in canonical(own.distinct[:, store.insert]).tolist()])
    first, second = codes[own.rows[0, 0]], codes[own.rows[1, 0]]
    names = np.array([*SPLITS, ""], dtype=object)
    return np.where((first == second) | (first < 0) | (second < 0), names[np.minimum(first, second)], MIXED)
