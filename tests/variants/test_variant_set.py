"""Sets of measured variants and their files."""

from dataclasses import replace

import numpy as np
import pytest

from degu.errors import DeguError
from degu.variants.variant_set import check_variants, read_variants, write_variants
from tests.variants.sets import context_set, pair_set


@pytest.mark.parametrize("variants", [context_set(), pair_set()], ids=["context", "pairs"])
def test_what_is_written_is_read(tmp_path, variants):
    write_variants(variants, tmp_path / "variants.h5")
    found = read_variants(tmp_path / "variants.h5")
    assert found.are_whole == variants.are_whole
    for name, values in vars(variants).items():
        if values is None:
            assert getattr(found, name) is None
        else:
            np.testing.assert_array_equal(getattr(found, name), values)


def test_an_empty_allele_is_kept(tmp_path):
    variants = context_set(4)
    deleted = variants.alternative.copy()
    deleted[1] = ""
    write_variants(replace(variants, alternative=deleted), tmp_path / "variants.h5")
    assert list(read_variants(tmp_path / "variants.h5").alternative) == list(deleted)


def test_an_effect_that_is_no_number_is_named():
    variants = context_set(8)
    effect = variants.effect.copy()
    effect[[3, 5]] = np.nan
    with pytest.raises(DeguError, match="2 of 8 measured effects are no numbers, the first that of v3"):
        check_variants(replace(variants, effect=effect), where="x")


def test_a_variant_that_stands_twice_is_named():
    variants = context_set(8)
    groups, alleles = variants.groups.copy(), [values.copy() for values in (variants.reference, variants.alternative)]
    groups[6] = groups[2]
    for values in alleles:
        values[6] = values[2]
    doubled = replace(variants, groups=groups, reference=alleles[0], alternative=alleles[1])
    with pytest.raises(DeguError, match="v6 stands twice, the first time as v2"):
        check_variants(doubled, where="x")


def test_no_variants_are_refused():
    nothing = {name: values[:0] for name, values in vars(context_set(2)).items() if values is not None}
    with pytest.raises(DeguError, match="there are no variants"):
        check_variants(replace(context_set(2), **nothing), where="x")


def test_equal_alleles_are_named():
    variants = context_set(8)
    alternative = variants.alternative.copy()
    alternative[[2, 4]] = variants.reference[[2, 4]]
    with pytest.raises(DeguError, match="2 of 8 variants have two equal alleles, the first v2"):
        check_variants(replace(variants, alternative=alternative), where="x")


def test_a_confidence_that_is_no_number_is_named():
    confidence = np.full(8, 0.5)
    confidence[5] = np.nan
    with pytest.raises(DeguError, match="1 of 8 confidences are no numbers, the first that of v5"):
        check_variants(replace(context_set(8), confidence=confidence), where="x")
