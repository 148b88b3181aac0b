"""Simulated open chromatin: its counts against their expectation, and its windows against the sequences around them."""

from pathlib import Path

import numpy as np
import pytest

from degu.data.build import build_store
from degu.data.importers.simulated_profiles import load, truth
from degu.data.sequences import decode
from degu.data.splits import SPLITS
from degu.data.store import read_store, write_store
from degu.data.windows import Windows
from degu.errors import DeguError
from tests.docs.pages import REPOSITORY

MOTIFS = {"motifs": REPOSITORY / "resources" / "jaspar_motifs.txt"}
OPTIONS = {"seed": 3, "number": 120, "effects": {"HNF4A": 1.0, "GABPA": 0.5}, "input_length": 240, "output_length": 100}


def simulated(files=MOTIFS, **changed):
    return load(files, drop_bad_rows=False, **{**OPTIONS, **changed})


@pytest.fixture
def genome(tmp_path):
    """Return a FASTA file of two random chromosomes, and their sequences."""
    rng = np.random.default_rng(2)
    sequences = {name: "".join(rng.choice(list("ACGT"), 40_000)) for name in ("chrA", "chrB")}
    path = tmp_path / "genome.fa"
    path.write_text("".join(f">{name}\n{bases}\n" for name, bases in sequences.items()))
    return path, sequences


@pytest.mark.parametrize("strands", [1, 2])
def test_counts_are_those_of_replicates_about_their_expectation(strands):
    records = simulated(strands=strands, number=1500, overdispersion=0.05)
    assert records.counts.shape == (1500, 1, 3, strands, 100)
    assert records.counts.dtype == np.uint16
    totals = records.counts.sum(axis=(2, 3, 4), dtype=float)
    expected = np.expm1(records.truth["mean"])
    variance = expected + 0.05 / 3 * expected**2
    standardised = (totals - expected) / np.sqrt(variance)
    assert abs(standardised.mean()) < 4 / np.sqrt(1500)
    assert standardised.std() == pytest.approx(1, abs=0.08)
    np.testing.assert_allclose(records.targets, np.log1p(totals))
    np.testing.assert_allclose(records.truth["profile"].sum(axis=(-2, -1)), 1, rtol=1e-5)
    # Together, cuts divide among positions as they are expected to.
    profiles = (records.truth["profile"] * expected[..., None, None]).sum(axis=0)
    drawn = records.counts.sum(axis=(0, 2))
    np.testing.assert_allclose(drawn, profiles, atol=6 * np.sqrt(profiles.max() * 3))


def test_replicates_differ_as_the_truth_says():
    records = simulated(number=1500, overdispersion=0.05)
    deviations = records.replicates[:, 0] - records.truth["mean"]
    ratio = deviations.std(axis=1, ddof=1) / records.truth["noise_std"][:, 0]
    assert np.sqrt(np.mean(ratio**2)) == pytest.approx(1, abs=0.08)


def test_the_truth_of_any_sequence_is_that_of_the_records():
    records = simulated(input_length=400)
    mean, noise = truth(MOTIFS, {**OPTIONS, "input_length": 400})(records.tokens)
    # Windows of this length hold all bases that their positions depend on.
    np.testing.assert_allclose(mean, records.truth["mean"][:, 0], rtol=1e-6)
    np.testing.assert_allclose(noise, records.truth["noise_std"][:, 0], rtol=1e-6)


def test_windows_of_odd_lengths_have_all_of_their_bases():
    records = simulated(input_length=401, output_length=101, jitter=6)
    assert (records.tokens.shape, records.context_tokens.shape) == ((120, 401), (120, 12))
    assert (records.counts.shape[-1], records.context_counts.shape[-1]) == (101, 12)
    mean, _ = truth(MOTIFS, {**OPTIONS, "input_length": 401, "output_length": 101})(records.tokens)
    np.testing.assert_allclose(mean, records.truth["mean"][:, 0], rtol=1e-6)


def test_the_same_seed_gives_the_same_and_another_one_does_not():
    first, again, other = simulated(), simulated(), simulated(seed=4)
    np.testing.assert_array_equal(first.counts, again.counts)
    np.testing.assert_array_equal(first.tokens, again.tokens)
    assert (first.tokens != other.tokens).any()


def test_windows_may_be_places_of_a_genome(genome):
    path, sequences = genome
    records = simulated({**MOTIFS, "genome": path}, number=60, jitter=10)
    lengths = {}
    for name, tokens, context in zip(records.names, records.tokens, records.context_tokens, strict=True):
        chromosome, _, rest = name.partition(":")
        start, end = map(int, rest.partition("(")[0].split("-"))
        middle = (start + end) // 2
        own = sequences[chromosome][middle - 130 : middle + 130]
        left, right = decode(context.reshape(2, 10))
        assert left + decode(tokens[None])[0] + right == own
        lengths[chromosome] = lengths.get(chromosome, 0) + 1
    assert set(lengths) == {"chrA", "chrB"}
    np.testing.assert_array_equal(records.chromosome, [name.partition(":")[0] for name in records.names])
    # Half of them are where most is expected.
    assert np.median(records.truth["mean"]) > simulated(number=60, mean_sites=0).truth["mean"].mean()


def test_negatives_are_further_windows_without_planted_sites(genome):
    alone, both = simulated(), simulated(negatives=2)
    assert alone.negative is None
    np.testing.assert_array_equal(both.negative, [False] * 120 + [True] * 240)
    assert len(both) == 360
    background = simulated(mean_sites=0, number=240)
    negatives, regions = (both.truth["mean"][rows] for rows in (both.negative, ~both.negative))
    assert negatives.mean() == pytest.approx(background.truth["mean"].mean(), abs=0.1)
    assert regions.mean() > negatives.mean() + 0.5
    # Replicates are scaled by the depth of the regions alone.
    depths = both.counts[:120, 0].sum(axis=(0, 2, 3))
    assert both.attributes["depths"]["cuts"] == depths.tolist()
    with pytest.raises(DeguError, match="no place of a genome is known to be without a site"):
        simulated({**MOTIFS, "genome": genome[0]}, number=60, negatives=1)


def test_it_is_stored_and_its_windows_can_be_drawn_anew(tmp_path):
    settings = {
        "importer": "simulated_profiles",
        "options": {**OPTIONS, "jitter": 8},
        "bad_rows": "stop",
        "leaks": "stop",
        "labels": False,
        "standardize_batches": False,
        "split": {"method": "random", "fractions": dict(zip(SPLITS, (0.7, 0.1, 0.1, 0.1), strict=True))},
    }
    store = build_store(settings, MOTIFS, 1, where="simulated")
    write_store(store, tmp_path / "store.h5")
    read = read_store(tmp_path / "store.h5")
    assert read.profile_shape == (1, 100)
    assert read.context_tokens.shape == (120, 16)
    assert read.context_counts.shape == (120, 1, 3, 1, 16)
    np.testing.assert_array_equal(read.counts, store.counts)
    assert read_store(tmp_path / "store.h5", only=()).context_counts is None
    recipe = {"windows": {"jitter": 8, "reverse_complement": True}, "profile_bins": 4}
    windows = Windows.of_store(read, read.rows("train"), recipe)
    tokens, arrays = windows.draw(np.arange(5), np.random.default_rng(1), ("profile", "mean"))
    assert tokens.shape == (5, 240)
    np.testing.assert_allclose(arrays["mean"], np.log1p(arrays["profile"].sum(axis=(-2, -1))))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"output_length": 300}, "input_length: 240 is out of range"),
        ({"output_length": 101}, "a difference that is even"),
        ({"effects": {}}, "no motif is named"),
        ({"effects": {"HNF4": 1.0}}, "did you mean 'HNF4A'"),
        ({"effects": {"HNF4A": -1.0}}, r"options\.effects"),
        ({"bias_width": 4}, "an odd number"),
        ({"effects": {"HNF4A": 1e6}}, "at most 65,535"),
        ({"strands": 3}, "strands: 3 is out of range"),
    ],
)
def test_options_out_of_range_are_refused(changed, message):
    with pytest.raises(DeguError, match=message):
        simulated(**changed)


def test_a_genome_without_room_is_refused(tmp_path):
    path = Path(tmp_path / "genome.fa")
    path.write_text(">chrA\n" + "ACGT" * 500 + "\n")
    with pytest.raises(DeguError, match="room for"):
        simulated({**MOTIFS, "genome": path})


def test_sites_are_known_that_the_counts_depend_on(genome):
    wide = {"input_length": 400, "output_length": 100, "jitter": 3, "number": 200, "effects": {"HNF4A": 5.0}}
    records, of_tokens = simulated(**wide), truth(MOTIFS, {**OPTIONS, **wide})
    planted = records.truth["planted"]
    assert planted.shape == (200, 400) and planted.dtype == np.uint8
    assert records.attributes["matters"] == {head: ["HNF4A"] for head in ("mean", "aleatoric", "profile")}
    rows = np.flatnonzero((planted == 1).any(axis=1))
    assert 50 < len(rows) < 190
    # No site lies further from the positions with counts than it acts.
    assert not planted[:, : 150 - 20 - 15].any() and not planted[:, 250 + 20 + 15 :].any()
    # Where there is one, shuffling its bases away lowers the expected counts.
    changed = records.tokens[rows].copy()
    sites = planted[rows] == 1
    changed[sites] = (changed[sites] + 2) % 4
    assert (of_tokens(changed)[0] < of_tokens(records.tokens[rows])[0]).mean() > 0.97
    # In a genome nothing is planted, and sites are known all the same.
    assert (simulated({**MOTIFS, "genome": genome[0]}).truth["planted"] > 0).any()
