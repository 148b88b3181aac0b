"""Pairs of sequences, and the sign of the effect that was published for them."""

from pathlib import Path

import numpy as np
import pytest

from degu.errors import DeguError
from degu.variants.sources.pairs import check_sign, load
from tests.conftest import skip_without

COLUMNS = {"name": "name", "group": "group", "false_discovery_rate": "fdr", "published": "logFC"}
REPLICATES = ["d1", "d2", "d3"]


def write(path: Path, sign: int = -1, rows: int = 30) -> np.ndarray:
    """Write pairs whose published effect is `sign` times the difference, and return the differences."""
    rng = np.random.default_rng(4)
    deltas = rng.normal(size=(rows, 1)) + rng.normal(0, 0.2, size=(rows, 3))
    lines = ["reference\talternative\tname\tgroup\tfdr\tlogFC\td1\td2\td3"]
    for row, own in enumerate(deltas):
        first = "".join(rng.choice(list("ACGT"), 12))
        cells = [first, f"{first[:5]}{'CGTA'['ACGT'.index(first[5])]}{first[6:]}".lower(), f"rs{row}", f"g{row // 2}"]
        # What is not significant has a sign of its own.
        rate = 0.01 if row % 2 else 0.5
        published = sign * own.mean() if row % 2 else -3 * sign * own.mean()
        lines.append("\t".join([*cells, str(rate), repr(float(published)), *(repr(float(value)) for value in own)]))
    path.write_text("\n".join(lines))
    return deltas


def test_a_table_of_pairs(tmp_path):
    deltas = write(tmp_path / "pairs.tsv")
    found = load({"table": tmp_path / "pairs.tsv"}, replicates=REPLICATES, columns=COLUMNS, published_sign="opposite")
    np.testing.assert_allclose(found.effect, deltas.mean(axis=1))
    np.testing.assert_allclose(found.replicates, deltas)
    np.testing.assert_allclose(found.confidence, np.where(np.arange(30) % 2, 0.99, 0.5))
    assert found.are_whole
    assert list(found.names[:2]) == ["rs0", "rs1"]
    assert list(found.groups[:3]) == ["g0", "g0", "g1"]
    differing = [
        sum(a != b for a, b in zip(*pair, strict=True)) for pair in zip(found.reference, found.alternative, strict=True)
    ]
    assert set(differing) == {1}


@pytest.mark.parametrize(("sign", "said"), [(-1, "same"), (1, "opposite")])
def test_the_wrong_sign_convention_is_found(tmp_path, sign, said):
    write(tmp_path / "pairs.tsv", sign)
    with pytest.raises(DeguError, match=f"since `published_sign` is {said}"):
        load({"table": tmp_path / "pairs.tsv"}, replicates=REPLICATES, columns=COLUMNS, published_sign=said)


def test_exchanged_alleles_are_found_by_the_sign():
    effect = np.random.default_rng(1).normal(size=50)
    published = -effect + 0.1 * np.random.default_rng(2).normal(size=50)
    assert check_sign(published, effect, None, "opposite", where="x") < -0.9
    with pytest.raises(DeguError, match="whether the alleles were exchanged"):
        check_sign(published, -effect, None, "opposite", where="x")


@pytest.mark.parametrize("constant", ["published", "effect"])
def test_a_column_of_one_value_has_no_sign_to_compare(constant):
    values = {"published": np.linspace(-1, 1, 50), "effect": np.linspace(-1, 1, 50)} | {constant: np.full(50, 0.3)}
    with pytest.raises(DeguError, match="has one value alone in 50 rows"):
        check_sign(values["published"], values["effect"], None, "same", where="x")


def test_few_significant_rows_do_not_decide():
    effect = np.arange(40.0)
    published = effect.copy()
    published[:3] = -50
    rate = np.where(np.arange(40) < 3, 0.001, 0.9)
    assert check_sign(published, effect, rate, "same", where="x") > 0


def test_missing_replicates_are_left_out_of_the_mean(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("reference\talternative\td1\td2\nACG\tATG\t1\t\nACC\tATC\t2\t4\n")
    found = load({"table": path}, replicates=["d1", "d2"])
    np.testing.assert_allclose(found.effect, [1, 3])
    assert list(found.names) == ["row 2", "row 3"]
    path.write_text("reference\talternative\td1\td2\nACG\tATG\t1\t\nACC\tATC\t\t\n")
    with pytest.raises(DeguError, match="no replicate of the difference is there in row 3"):
        load({"table": path}, replicates=["d1", "d2"])


def test_other_letters_are_named(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("reference\talternative\td1\nACG\tATG\t1\nACC\tAXC\t1\n")
    with pytest.raises(DeguError, match="column 'alternative' holds no sequence in row 3"):
        load({"table": path}, replicates=["d1"])


def test_the_published_effect_of_measured_pairs_has_the_opposite_sign():
    table = skip_without("bp_mpra_VSMC_variants.tsv.gz")
    columns = {
        **{"reference": "ref_seq", "alternative": "alt_seq", "name": "variant", "group": "group"},
        **{"false_discovery_rate": "published_fdr", "published": "published_logFC"},
    }
    replicates = [f"delta_rep{number}" for number in range(1, 5)]
    assert len(load({"table": table}, replicates=replicates, columns=columns, published_sign="opposite")) == 4545
    with pytest.raises(DeguError, match=r"correlates with alternative less reference by -0\.80"):
        load({"table": table}, replicates=replicates, columns=columns)
