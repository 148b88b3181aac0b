"""The synthetic regulatory code: what is planted where, and in what proportions."""

import numpy as np
import pytest
from scipy import stats

from degu.data.importers.synthetic_code import PROBABILITY, SITES, arrange, load
from degu.data.motifs import Motif, information, read_jaspar
from degu.data.sequences import reverse_complement
from degu.errors import DeguError
from tests.conftest import REPOSITORY

MOTIFS = REPOSITORY / "resources" / "synthetic_code_motifs.txt"
CORE = ["SP1", "GABPA", "CEBPB", "MAX", "YY1"]


def simulate(**changes):
    options = {"seed": 1, "number": 1000, "core": CORE, **changes}
    return load({"motifs": MOTIFS}, drop_bad_rows=False, **options)


@pytest.fixture(scope="module")
def records():
    return simulate(minimum_information=0)


def test_half_of_the_sequences_are_of_each_class(records):
    assert records.tokens.shape == records.truth["planted"].shape == (1000, 200)
    assert records.targets.shape == (1000, 1)
    assert np.bincount(records.targets[:, 0].astype(int)).tolist() == [500, 500]
    # In no order.
    assert 200 < records.targets[:500].sum() < 300


def test_there_are_five_core_motifs_and_fifty_others(records):
    assert records.attributes["motifs"][:5] == CORE
    assert len(records.attributes["motifs"]) == 55
    assert records.attributes["matters"] == {"mean": CORE}


def test_the_class_has_core_motifs_alone_and_the_others_any(records):
    planted, label = records.truth["planted"], records.targets[:, 0]
    assert set(np.unique(planted[label == 1])) == {0, 1, 2, 3, 4, 5}
    of_others = planted[label == 0]
    assert set(np.unique(of_others)) == set(range(56))


def test_sites_are_drawn_from_their_motifs_on_either_strand(records):
    motifs = list(read_jaspar(MOTIFS).values())
    index, motif = next((index, motif) for index, motif in enumerate(motifs) if motif.name == "CEBPB")
    # Sites that stand alone: as wide as the motif, with something else on both sides.
    padded = np.pad(records.truth["planted"] == 1 + index, ((0, 0), (1, 1)))
    rows, starts = np.nonzero(padded[:, 1:-1] & ~padded[:, :-2])
    alone = [
        padded[row, 1 + start :][: motif.width + 1].sum() == motif.width
        for row, start in zip(rows, starts, strict=True)
    ]
    sites = np.array(
        [
            records.tokens[row, start : start + motif.width]
            for row, start in zip(rows[alone], starts[alone], strict=True)
        ]
    )
    forward, reverse = (
        motif.log_odds[range(motif.width), part].sum(axis=1) for part in (sites, reverse_complement(sites))
    )
    assert stats.binomtest(int((forward > reverse).sum()), len(sites)).pvalue > 1e-4
    turned = np.where((forward > reverse)[:, None], sites, reverse_complement(sites))
    frequency = (turned[:, :, None] == np.arange(4)).mean(axis=0)
    assert len(sites) > 300
    np.testing.assert_allclose(frequency, motif.probability, atol=4 * 0.5 / len(sites) ** 0.5)


def test_the_background_is_uniform(records):
    bases = np.bincount(records.tokens[records.truth["planted"] == 0], minlength=4)
    assert stats.chisquare(bases).pvalue > 1e-4


def motifs_of(*widths: int) -> list[Motif]:
    return [Motif(str(width), str(width), np.full((width, 4), 0.25)) for width in widths]


def test_numbers_of_sites_gaps_and_motifs_are_drawn_as_published():
    rng = np.random.default_rng(2)
    motifs = motifs_of(5, 10)
    sites = [arrange(motifs, 100, rng) for _ in range(4000)]
    numbers = np.bincount([len(row) for row in sites], minlength=8)[SITES[0] :]
    assert stats.chisquare(numbers, 4000 * np.array(PROBABILITY)).pvalue > 1e-4
    chosen = np.bincount([index for row in sites for _, index in row])
    # Motifs that leave no room are drawn anew, which happens to none here.
    assert stats.chisquare(chosen).pvalue > 1e-4
    first = [row[0][0] for row in sites]
    last = [100 - row[-1][0] - motifs[row[-1][1]].width for row in sites]
    assert stats.ks_2samp(first, last).pvalue > 1e-4
    for row in sites:
        ends = [start + motifs[index].width for start, index in row]
        assert all(end <= start for end, (start, _) in zip(ends, row[1:], strict=False))
        assert row[0][0] >= 0
        assert ends[-1] <= 100


def test_positions_of_little_information_do_not_count():
    probability = np.array([[0.25] * 4, [0.97, 0.01, 0.01, 0.01], [0.4, 0.2, 0.2, 0.2]])
    np.testing.assert_allclose(information(probability), 2 - stats.entropy(probability, base=2, axis=1), atol=1e-12)
    assert (simulate(minimum_information=1.0).truth["planted"] > 0).sum() < 0.8 * (
        simulate(minimum_information=0).truth["planted"] > 0
    ).sum()


def test_the_seed_decides():
    np.testing.assert_array_equal(simulate(number=20).tokens, simulate(number=20).tokens)
    assert (simulate(number=20).tokens != simulate(number=20, seed=2).tokens).any()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": 1}, r"options\.number: 1 is out of range"),
        ({"length": 40}, "options.length"),
        ({"core": ["SP2X"]}, "there is no motif 'SP2X'"),
    ],
)
def test_it_refuses_what_cannot_be(changes, message):
    with pytest.raises(DeguError, match=message):
        simulate(**changes)
