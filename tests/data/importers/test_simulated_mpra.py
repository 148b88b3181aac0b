import numpy as np
import pytest
from scipy import stats

from degu.data.importers.simulated_mpra import load
from degu.data.motifs import read_jaspar, scan
from degu.data.sequences import gc_content
from degu.errors import DeguError
from tests.conftest import REPOSITORY

MOTIFS = REPOSITORY / "resources" / "jaspar_motifs.txt"
PAIR = {"first": "HNF4A", "second": "CEBPB", "distance": 25, "width": 4, "effect": 1.5}
OPTIONS = {
    "seed": 7,
    "number": 2000,
    "length": 100,
    "effects": {"HNF4A": 1.0, "REST": -1.5},
    "noise_effects": {"GATA1": 0.8},
    "interactions": [PAIR],
}


def simulate(**changes):
    return load({"motifs": MOTIFS}, drop_bad_rows=False, **{**OPTIONS, **changes})


@pytest.fixture(scope="module")
def records():
    return simulate(replicates=4)


def z_scores(records):
    return (records.replicates - records.truth["mean"][:, :, None]) / records.truth["noise_std"][:, :, None]


def test_shapes_are_those_asked_for(records):
    assert records.tokens.shape == records.truth["planted"].shape == (2000, 100)
    assert records.tokens.dtype == np.uint8
    assert records.replicates.shape == (2000, 1, 4)
    assert records.targets.shape == records.replicate_std.shape == (2000, 1)
    assert records.truth["mean"].shape == records.truth["noise_std"].shape == (2000, 1)
    assert len(set(records.names)) == 2000


def test_targets_are_mean_and_std_over_the_replicates(records):
    np.testing.assert_allclose(records.targets, records.replicates.mean(axis=2))
    np.testing.assert_allclose(records.replicate_std, records.replicates.std(axis=2, ddof=1))


def test_replicates_scatter_around_the_true_mean_with_the_true_noise(records):
    scores = z_scores(records).ravel()
    assert abs(scores.mean()) < 4 / len(scores) ** 0.5
    assert abs(scores.var() - 1) < 4 * (2 / len(scores)) ** 0.5
    assert stats.kstest(scores, "norm").pvalue > 0.001


def test_replicates_of_one_sequence_are_independent(records):
    scores = z_scores(records)[:, 0]
    correlation = np.corrcoef(scores.T)[np.triu_indices(4, k=1)]
    assert np.abs(correlation).max() < 4.5 / 2000**0.5


def test_variance_of_the_replicate_mean_is_the_noise_variance_over_their_number(records):
    error = (records.targets - records.truth["mean"]) / records.truth["noise_std"]
    expected = 1 / 4
    assert abs(error.var() - expected) < 4.5 * expected * (2 / 2000) ** 0.5


def test_noise_differs_between_sequences_and_mean_stays_below_the_ceiling(records):
    noise = records.truth["noise_std"]
    assert noise.min() > 0
    assert noise.max() > 1.5 * noise.min()
    assert np.abs(simulate(number=200, ceiling=0.5).truth["mean"]).max() <= 0.5


def test_planted_bases_carry_high_scores_of_their_motif(records):
    motifs = read_jaspar(MOTIFS)
    planted = records.truth["planted"]
    for index, name in enumerate(records.attributes["motifs"]):
        width = motifs[name].width
        full = np.lib.stride_tricks.sliding_window_view(planted == index + 1, width, axis=1).all(axis=2)
        best = scan(records.tokens, motifs[name]).max(axis=1)
        assert full.sum() > 100
        # An instance drawn from the matrix scores its information content in the mean; chance scores are below zero.
        assert best[full].mean() > 3
        assert best[~full].mean() < 0


def test_planted_marks_name_only_the_motifs_there_are(records):
    assert records.attributes["motifs"] == ["CEBPB", "GATA1", "HNF4A", "REST"]
    assert set(np.unique(records.truth["planted"])) == {0, 1, 2, 3, 4}


def test_which_motifs_matter_to_each_head_is_told():
    matters = simulate(number=20).attributes["matters"]
    assert matters == {"mean": ["CEBPB", "HNF4A", "REST"], "aleatoric": ["GATA1"]}
    # One may act on both, and none on the noise; in any case of letters.
    matters = simulate(number=20, noise_effects={"rest": 0.5}).attributes["matters"]
    assert matters == {"mean": ["CEBPB", "HNF4A", "REST"], "aleatoric": ["REST"]}
    assert simulate(number=20, effects={}, noise_effects={}).attributes["matters"] == {
        "mean": ["CEBPB", "HNF4A"],
        "aleatoric": [],
    }


@pytest.mark.parametrize("head", ["mean", "aleatoric"])
def test_only_what_matters_to_a_head_changes_it(records, head):
    # The effect of each motif alone switched to nothing, on the same sequences.
    truth = {"mean": "mean", "aleatoric": "noise_std"}[head]
    changes = {
        "HNF4A": {"effects": {"REST": -1.5, "HNF4A": 0.0}, "interactions": [{**PAIR, "effect": 0.0}]},
        "CEBPB": {"interactions": [{**PAIR, "effect": 0.0}]},
        "REST": {"effects": {"HNF4A": 1.0, "REST": 0.0}},
        "GATA1": {"noise_effects": {"GATA1": 0.0}},
    }
    matters = records.attributes["matters"][head]
    for name, change in changes.items():
        other = simulate(replicates=4, **change)
        np.testing.assert_array_equal(other.tokens, records.tokens)
        assert (other.truth[truth] != records.truth[truth]).any() == (name in matters)


def test_nothing_is_planted_where_nothing_is_asked_for():
    records = simulate(number=50, mean_sites=0.0, pair_probability=0.0)
    assert (records.truth["planted"] == 0).all()


def test_effect_shows_in_the_mean():
    with_site, without = (simulate(number=500, effects={"HNF4A": effect}, interactions=[]) for effect in (1.0, 0.0))
    planted = (with_site.truth["planted"] == 1 + with_site.attributes["motifs"].index("HNF4A")).any(axis=1)
    np.testing.assert_array_equal(with_site.tokens, without.tokens)
    difference = (with_site.truth["mean"] - without.truth["mean"])[:, 0]
    assert difference[planted].mean() > difference[~planted].mean() + 0.2
    assert difference.min() >= 0


def test_gc_of_the_background_stays_in_its_range():
    gc = gc_content(simulate(length=2000, number=200, mean_sites=0, pair_probability=0, gc_low=0.3, gc_high=0.4).tokens)
    assert gc.mean() == pytest.approx(0.35, abs=0.01)
    assert gc.min() > 0.3 - 0.06
    assert gc.max() < 0.4 + 0.06


def test_same_seed_makes_the_same_data_and_another_seed_others():
    first, again, other = (simulate(number=20, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.replicates, again.replicates)
    np.testing.assert_array_equal(first.tokens, again.tokens)
    assert (first.tokens != other.tokens).any()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"replicates": 1}, r"options\.replicates: 1 is out of range\n  expected: a number of at least 2"),
        ({"number": 0}, r"options\.number: 0 is out of range"),
        ({"length": 0}, r"options\.length: 0 is out of range"),
        ({"gc_low": 0.7, "gc_high": 0.3}, r"options\.gc_high: 0\.3 is out of range\n.* 0\.7 to 1, as `gc_low` says"),
        ({"gc_low": -0.1}, r"options\.gc_low: -0\.1 is out of range"),
        ({"gc_high": 1.1}, r"options\.gc_high: 1\.1 is out of range"),
        ({"effects": {}, "noise_effects": {}, "interactions": []}, r"options\.effects: no motif is named"),
        ({"effects": {"HNF4": 1.0}}, "there is no motif 'HNF4'\n  expected: did you mean 'HNF4A'"),
        ({"noise_effects": {"NOSUCH": 1.0}}, "there is no motif 'NOSUCH'"),
        ({"interactions": [{**PAIR, "first": "HNF4"}]}, "there is no motif 'HNF4'"),
        ({"interactions": [{"first": "HNF4A"}]}, r"interactions\.0: the keys are first\n  expected: first, second"),
        ({"interactions": [{**PAIR, "strength": 1}]}, r"interactions\.0: the keys are .*, strength\n"),
        ({"interactions": [PAIR, {}]}, r"interactions\.1: the keys are none"),
        ({"interactions": [{**PAIR, "first": 3}]}, r"interactions\.0\.first: 3 is not the name of a motif"),
        ({"interactions": [{**PAIR, "effect": "1"}]}, r"interactions\.0\.effect: '1' is not a number"),
        ({"interactions": [{**PAIR, "width": 0}]}, r"interactions\.0\.width: 0 is out of range"),
        ({"length": 5, "number": 3}, "sequences of 5 bases are shorter than motif"),
    ],
)
def test_options_out_of_range_are_told(changes, message):
    with pytest.raises(DeguError, match=message):
        simulate(**changes)


def test_motifs_are_named_in_any_case():
    small = {"number": 30}
    pair = {**PAIR, "first": "hnf4a", "second": "cebpb"}
    lower = simulate(**small, effects={"hnf4a": 1.0, "rest": -1.5}, noise_effects={"gata1": 0.8}, interactions=[pair])
    np.testing.assert_array_equal(lower.replicates, simulate(**small).replicates)


def sites_of(records, name):
    """Return the number of sites of a motif that were planted in each sequence."""
    index = 1 + records.attributes["motifs"].index(name)
    planted = records.truth["planted"] == index
    return (planted[:, 1:] & ~planted[:, :-1]).sum(axis=1) + planted[:, 0]


def test_a_rare_motif_is_planted_as_seldom_as_is_said():
    common, rare = (simulate(interactions=[], frequencies=given) for given in (None, {"rest": 0.1}))
    # There are three motifs: HNF4A, REST and GATA1. Some of four sites a sequence find no room.
    assert sites_of(common, "REST").mean() / sites_of(common, "HNF4A").mean() == pytest.approx(1, abs=0.15)
    assert sites_of(rare, "REST").mean() / sites_of(rare, "HNF4A").mean() == pytest.approx(0.1, abs=0.03)


def test_families_have_their_share_their_composition_and_their_sites():
    families = [
        {"share": 0.9, "gc_low": 0.3, "gc_high": 0.4, "mean_sites": 0.0},
        {"share": 0.1, "gc_low": 0.7, "gc_high": 0.8, "mean_sites": 3.0},
    ]
    records = simulate(families=families, pair_probability=0.0, number=3000)
    gc, sites = gc_content(records.tokens), (records.truth["planted"] > 0).any(axis=1)
    # Of the second family, one in twenty gets no site.
    assert sites.mean() == pytest.approx(0.1 * (1 - np.exp(-3)), abs=0.02)
    assert gc[~sites].mean() == pytest.approx(0.35, abs=0.01)
    assert gc[sites].mean() > 0.6


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"frequencies": {"MAX": 0.5}}, r"options\.frequencies: there is no motif 'MAX' that is planted"),
        ({"frequencies": {"REST": 0.0}}, r"options\.frequencies: a frequency is not above 0"),
        ({"families": [{"share": 1.0}]}, r"options\.families\.0: the keys are share\n"),
        (
            {"families": [{"share": 0.5, "gc_low": 0.3, "gc_high": 0.4, "mean_sites": 1.0}]},
            r"options\.families: shares \[0\.5\]",
        ),
        (
            {"families": [{"share": 1.0, "gc_low": 0.5, "gc_high": 0.4, "mean_sites": 1.0}]},
            r"options\.families: .*\n  expected: 0 <= gc_low",
        ),
    ],
)
def test_families_and_frequencies_that_cannot_be_are_told(changes, message):
    with pytest.raises(DeguError, match=message):
        simulate(**changes)
