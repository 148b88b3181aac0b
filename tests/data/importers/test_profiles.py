"""The importer of profiles, against slices of the strings and arrays that its files are written from."""

import math

import numpy as np
import pytest

from degu.data.build import build_store
from degu.data.epochs import drawn_negatives
from degu.data.importers.profiles import load
from degu.data.sequences import decode, reverse_complement
from degu.data.training_rows import training_rows
from degu.errors import DeguError
from tests.conftest import SHARED_DATA
from tests.data.profile_files import SIZES, write_profile_files
from tests.formats.bigwigs import write_bigwig

L, P = 60, 40
PAIRED = {"starts": {"replicates": [["p1", "m1"], ["p2", "m2"]]}}
SINGLE = {"cuts": {"replicates": ["p1"]}}
LINES = [
    "chrI\t1000\t1101\ta\t0\t+\t5\t-1\t-1\t30",
    "chrI\t1040\t1090\tb\t0\t-\t5\t-1\t-1\t-1",
    "chrII\t500\t700\tc\t0\t-\t5\t-1\t-1\t7",
    "chrIII\t700\t900\td\t0\t.\t5\t-1\t-1\t100",
    "chrI\t3000\t3010\te\t0\t+\t5\t-1\t-1\t0",
]
CENTRES = [("chrI", 1030), ("chrI", 1065), ("chrII", 507), ("chrIII", 800), ("chrI", 3000)]


@pytest.fixture
def written(tmp_path):
    files = write_profile_files(tmp_path, ("p1", "m1", "p2", "m2"))
    files.write_regions(LINES)
    return files


def read(written, drop=False, **options):
    given = {"tracks": PAIRED, "input_length": L, "output_length": P, "outliers": None, **options}
    return load(written.files, drop_bad_rows=drop, **given)


def expected_counts(written, name, centre, track):
    return written.tracks[track][name][centre - P // 2 : centre + P // 2]


def test_counts_and_bases_are_those_about_the_summits(written):
    records = read(written, stranded_regions=False)
    assert records.counts.shape == (5, 1, 2, 2, P)
    assert records.counts.dtype == np.uint16
    for row, (name, centre) in enumerate(CENTRES):
        assert decode(records.tokens[[row]]) == [written.bases[name][centre - L // 2 : centre + L // 2].upper()]
        for index, track in zip(np.ndindex(2, 2), ("p1", "m1", "p2", "m2"), strict=True):
            np.testing.assert_array_equal(
                records.counts[(row, 0, *index)], expected_counts(written, name, centre, track)
            )
    assert records.names[0] == "chrI:1000-1060(+)"
    assert records.chromosome.tolist() == [name for name, _ in CENTRES]
    assert records.rows.tolist() == [1, 2, 3, 4, 5]
    assert records.dropped == {}
    assert not records.negative.any()


def test_regions_on_the_reverse_strand_are_reverse_complements_of_stranded_tracks(written):
    forward, turned = read(written, stranded_regions=False), read(written)
    back = np.array([False, True, True, False, False])
    np.testing.assert_array_equal(turned.tokens[back], reverse_complement(forward.tokens[back]))
    np.testing.assert_array_equal(turned.counts[back], forward.counts[back][..., ::-1, ::-1])
    np.testing.assert_array_equal(turned.tokens[~back], forward.tokens[~back])
    np.testing.assert_array_equal(turned.counts[~back], forward.counts[~back])
    np.testing.assert_allclose(turned.targets, forward.targets)
    assert turned.names[1] == "chrI:1035-1095(-)"
    unstranded = read(written, tracks=SINGLE)
    np.testing.assert_array_equal(unstranded.tokens, forward.tokens)
    assert read(written, tracks=SINGLE, stranded_regions=True).names[1].endswith("(-)")


def test_targets_are_log_counts_and_replicates_stand_on_their_scale(written):
    records = read(written)
    totals = {
        track: np.array([expected_counts(written, name, centre, track).sum() for name, centre in CENTRES])
        for track in written.tracks
    }
    each = np.column_stack([totals["p1"] + totals["m1"], totals["p2"] + totals["m2"]]).astype(float)
    np.testing.assert_allclose(records.targets[:, 0], np.log(1 + each.sum(axis=1)))
    depth = each.sum(axis=0)
    np.testing.assert_allclose(records.replicates[:, 0], np.log(1 + 2 * each * depth.mean() / depth))
    spread = [abs(a - b) / math.sqrt(2) for a, b in records.replicates[:, 0]]
    np.testing.assert_allclose(records.replicate_std[:, 0], spread)
    assert records.attributes["depths"] == {"starts": depth.tolist()}
    assert (records.target_names, records.units) == (["starts"], ["log(1 + counts)"])


def test_one_replicate_has_no_standard_deviation(written):
    records = read(written, tracks=SINGLE)
    assert records.counts.shape == (5, 1, 1, 1, P)
    assert records.replicates is None
    assert records.replicate_std is None


def test_several_targets_stand_side_by_side(written):
    records = read(written, tracks={"b": {"replicates": ["m2"]}, "a": {"replicates": ["p1"]}})
    assert records.target_names == ["b", "a"]
    np.testing.assert_array_equal(
        records.counts[3, :, 0, 0], [expected_counts(written, "chrIII", 800, n) for n in ("m2", "p1")]
    )


@pytest.mark.parametrize("stranded", [True, False])
def test_a_context_makes_any_window_that_jitter_reaches(written, stranded):
    jitter = 9
    records = read(written, jitter=jitter, stranded_regions=stranded)
    assert records.context_tokens.shape == (5, 2 * jitter)
    assert records.context_counts.shape == (5, 1, 2, 2, 2 * jitter)

    def wide(context, inner):
        return np.concatenate([context[..., :jitter], inner, context[..., jitter:]], axis=-1)

    tokens, counts = wide(records.context_tokens, records.tokens), wide(records.context_counts, records.counts)
    for shift in (-jitter, -2, 5, jitter):
        moved = []
        for line, (name, centre) in zip(LINES, CENTRES, strict=True):
            # A window that is moved to the right along a reverse complement moves to the left along the genome.
            strand = line.split("\t")[5]
            place = centre - shift if stranded and strand == "-" else centre + shift
            moved.append(f"{name}\t{place}\t{place + 1}\tx\t0\t{strand}")
        written.write_regions(moved)
        own = read(written, stranded_regions=stranded)
        np.testing.assert_array_equal(tokens[:, jitter + shift :][:, :L], own.tokens)
        np.testing.assert_array_equal(counts[..., jitter + shift :][..., :P], own.counts)


def test_without_jitter_there_is_no_context(written):
    records = read(written)
    assert records.context_tokens is None
    assert records.context_counts is None


def test_windows_that_overlap_share_a_group(written):
    assert read(written).group[0] == read(written).group[1]
    assert len(set(read(written).group.tolist())) == 4
    written.write_regions(["chrI\t1000\t1001", "chrI\t1060\t1061", "chrI\t1121\t1122"])
    assert len(set(read(written).group.tolist())) == 3
    assert len(set(read(written, jitter=1).group.tolist())) == 1


def test_negatives_stand_behind_the_regions_and_outside_of_all_of_them(written):
    written.write_regions(["chrII\t0\t2000"], name="exclusion")
    written.write_regions([*LINES, "chrI\t4000\t5000"])
    records = read(written, negatives=3, negative_stride=20, jitter=4, minimum_counts=1)
    kept = int((~records.negative).sum())
    assert len(records) == 4 * kept == 20
    assert records.negative.tolist() == [False] * kept + [True] * 3 * kept
    assert "chrII" not in records.chromosome
    taken = {
        ("chrI", p) for s, e in ((1000, 1101), (1040, 1090), (3000, 3010), (4000, 5000)) for p in range(s - 30, e + 30)
    }
    for row in np.flatnonzero(records.negative):
        name, _, place = records.names[row].partition(":")
        start, end = map(int, place.removesuffix("(+)").split("-"))
        assert start % 20 == 0
        assert not {(name, position) for position in range(start, end)} & taken
        assert decode(records.tokens[[row]]) == [written.bases[name][start:end].upper()]
        np.testing.assert_array_equal(records.counts[row, 0, 1, 0], expected_counts(written, name, start + 30, "p2"))
    assert records.attributes["negatives_not_drawn"] == 0
    assert len(set(records.rows.tolist())) == len(records)
    again = read(written, negatives=3, negative_stride=20, jitter=4, minimum_counts=1)
    np.testing.assert_array_equal(records.tokens, again.tokens)
    # The regions alone give the depths.
    alone = read(written, jitter=4, minimum_counts=1)
    assert alone.attributes["depths"] == records.attributes["depths"]
    np.testing.assert_array_equal(alone.targets, records.targets[:kept])


def test_negatives_that_could_not_be_drawn_are_counted(written):
    written.write_regions(["chrI\t0\t2900", "chrII\t0\t2000", "chrIII\t0\t2500"], name="exclusion")
    written.write_regions(["chrI\t3000\t3001", "chrI\t3080\t5900"])
    records = read(written, negatives=2, negative_stride=10)
    assert sorted(records.names[records.negative]) == ["chrI:5930-5990(+)", "chrI:5940-6000(+)"]
    assert records.attributes["negatives_not_drawn"] == 2


def test_where_no_negative_can_be_drawn_the_options_are_named(written):
    written.write_regions([f"{name}\t0\t{size}" for name, size in SIZES.items()])
    with pytest.raises(DeguError, match=r"options\.negatives: no negative can be drawn(.|\n)*negative_stride"):
        read(written, negatives=1)


def test_outliers_are_left_out_by_quantiles_of_the_total_counts(written):
    rng = np.random.default_rng(1)
    places = [(name, int(place)) for name in SIZES for place in rng.integers(100, SIZES[name] - 100, 60)]
    written.write_regions([f"{name}\t{place}\t{place + 1}" for name, place in places])
    everything = read(written)
    totals = everything.counts.sum(axis=(1, 2, 3, 4), dtype=int)
    kept = read(written, outliers=[0.1, 0.75])
    low, high = np.quantile(totals, [0.1, 0.75])
    inside = (totals >= low) & (totals <= high)
    assert kept.names.tolist() == everything.names[inside].tolist()
    assert kept.dropped == {"counts outside of the quantiles 0.1 and 0.75": int((~inside).sum())}
    minimum = int(np.median(totals))
    assert len(read(written, minimum_counts=minimum)) == (totals >= minimum).sum()


def test_regions_in_excluded_places_are_left_out_and_counted(written):
    # The window of the first region begins at 1,000, and that of the second at 1,035.
    written.write_regions(["chrI\t990\t1001", "chrIII\t0\t10"], name="exclusion")
    records = read(written)
    assert records.dropped == {"an excluded place": 1}
    assert records.rows.tolist() == [2, 3, 4, 5]
    assert read(written, jitter=40).dropped == {"an excluded place": 2}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("chrI\t0\t20", "a window that reaches beyond the end of its chromosome"),
        ("chrIII\t2480\t2500", "a window that reaches beyond the end of its chromosome"),
        ("chrX\t100\t200", "a chromosome that the genome lacks"),
    ],
)
def test_regions_that_cannot_be_used_stop_or_are_dropped(written, line, reason):
    written.write_regions([*LINES, line])
    with pytest.raises(DeguError, match=rf"regions\.bed: {reason}: line 6 \(1 of 6\)"):
        read(written)
    records = read(written, drop=True)
    assert records.dropped == {reason: 1}
    assert len(records) == 5


def test_a_chromosome_that_one_track_lacks_and_unknown_bases(written, tmp_path):
    values = {name: array for name, array in written.tracks["m2"].items() if name != "chrII"}
    write_bigwig(tmp_path / "part", values)
    written.files["m2"] = tmp_path / "part"
    bases = dict(written.bases)
    bases["chrIII"] = f"{bases['chrIII'][:800]}{'N' * 7}{bases['chrIII'][807:]}"
    written.files["genome"].write_text("".join(f">{name}\n{text}\n" for name, text in bases.items()))
    records = read(written, drop=True)
    assert records.dropped == {"a chromosome that a track lacks": 1, "more than 0.1 of the bases unknown": 1}
    assert len(read(written, drop=True, maximum_unknown=7 / L)) == 4
    with pytest.raises(DeguError, match="a chromosome that a track lacks: line 3"):
        read(written)


def test_regions_of_another_genome_are_refused_with_names_of_both(written):
    written.write_regions(["I\t1000\t1100", "II\t500\t700"])
    with pytest.raises(DeguError, match=r"regions\.bed: no chromosome is one of the genome .*: I, II\n.*chrI, chrII"):
        read(written)


def test_an_exclusion_list_of_another_genome_is_refused(written):
    written.write_regions(["I\t0\t6000", "II\t0\t4000"], name="exclusion")
    with pytest.raises(DeguError, match=r"exclusion\.bed: no chromosome is one of the genome .*: I, II\n"):
        read(written)


@pytest.mark.parametrize("tracks", [PAIRED, {"a": {"replicates": ["p1", "m1", "p2"]}}])
def test_a_track_that_stands_under_two_names_is_refused(written, tmp_path, tracks):
    (tmp_path / "copy").write_bytes(written.files["p1"].read_bytes())
    written.files["p2"] = tmp_path / "copy"
    with pytest.raises(
        DeguError, match=r"files: the tracks 'p1' and 'p2' have the same counts in all .*p1 and .*copy\n"
    ):
        read(written, tracks=tracks)


def test_where_no_region_is_left_the_reasons_are_told(written):
    with pytest.raises(DeguError, match=r"no region is left; left out: 5 for fewer than 100,000 counts"):
        read(written, minimum_counts=100_000)


def test_a_replicate_without_counts_is_named(written, tmp_path):
    write_bigwig(tmp_path / "empty", {name: np.eye(1, size, dtype=int)[0] for name, size in SIZES.items()})
    written.files["p2"] = tmp_path / "empty"
    tracks = {"a": {"replicates": ["p1", "p2"]}}
    with pytest.raises(DeguError, match=r"options\.tracks: replicate 2 of 'a' has no counts in any region"):
        read(written, tracks=tracks)


def test_a_count_that_16_bits_do_not_hold_is_named(written, tmp_path):
    values = {name: array.copy() for name, array in written.tracks["p1"].items()}
    values["chrII"][500] = 70_000
    write_bigwig(tmp_path / "high", values)
    written.files["p1"] = tmp_path / "high"
    with pytest.raises(DeguError, match=r"high: the value 70000 at chrII:500-501 is above 65,535"):
        read(written)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"output_length": 39}, r"options\.output_length: windows have 60 bases and 39 positions"),
        ({"output_length": 62}, r"options\.output_length: "),
        ({"outliers": [0.5]}, r"options\.outliers: \[0\.5\]"),
        ({"outliers": [0.9, 0.1]}, r"options\.outliers: "),
        ({"tracks": {}}, r"options\.tracks: no target is named"),
        ({"tracks": {"a": {"replicates": ["p3"]}}}, r"there is no file 'p3'"),
    ],
)
def test_options_that_make_no_sense_are_refused(written, options, message):
    with pytest.raises(DeguError, match=message):
        read(written, **options)


def test_a_store_is_made_of_it_and_split_by_chromosome(written):
    rng = np.random.default_rng(2)
    places = [(name, int(place)) for name in SIZES for place in rng.integers(100, SIZES[name] - 100, 20)]
    written.write_regions([f"{name}\t{place}\t{place + 1}" for name, place in places])
    labels = {"train": ["*"], "validation": ["chrII"], "test": ["chrIII"]}
    settings = {
        "importer": "profiles",
        "options": {"tracks": PAIRED, "input_length": L, "output_length": P, "negatives": 1, "negative_stride": 10},
        "bad_rows": "stop",
        "labels": False,
        "leaks": "stop",
        "standardize_batches": False,
        "split": {"method": "chromosome", "labels": labels, "fold": "", "calibration_from_validation": 0.5},
    }
    store = build_store(settings, written.files, 1, where="d")
    chromosomes = [name.partition(":")[0] for name in store.names]
    assert {(name, split) for name, split in zip(chromosomes, store.split, strict=True)} == {
        ("chrI", 0), ("chrII", 1), ("chrII", 2), ("chrIII", 3),
    }  # fmt: skip
    assert store.attributes["regions"] + store.attributes["negatives"] == len(store)
    # Every split has negatives, and models may be trained on them alone or on some for each region.
    assert {int(split) for split in store.split[store.is_negative]} == {0, 1, 2, 3}
    alone = training_rows(store, 1.0, 1, windows={"rows": "negatives", "count_threshold": None})
    assert alone.subset.tolist() == [row for row in store.rows("train") if store.negative[row]]
    epochs = drawn_negatives(store.is_negative[store.rows("train")], 0.1)
    # Two of 20 regions are outliers.
    assert (len(epochs.regions), epochs.drawn) == (18, 2)


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the measured data are not here")
def test_measured_regions_have_the_counts_that_their_file_tells():
    """Column 7 of the file holds the counts of the three replicates between the ends of the region."""
    folder = SHARED_DATA / "yeast_stripeseq"
    names = [[f"WT_rep{number}.{strand}.bw" for strand in ("plus", "minus")] for number in (1, 2, 3)]
    files = {name: folder / name for pair in names for name in pair}
    files |= {"genome": SHARED_DATA / "sacCer3.fa.gz", "regions": folder / "WT_tsr.narrowPeak"}
    options = {"tracks": {"starts": {"replicates": names}}, "input_length": 1000, "output_length": 500}
    records = load(files, drop_bad_rows=False, outliers=None, **options)
    lines = [line.split("\t") for line in files["regions"].read_text().splitlines()]
    assert len(records) == len(lines) == 4283
    found, told = [], []
    for row, (_, start, end, _, _, strand, counts, _, _, summit) in enumerate(lines):
        left, right = -int(summit), int(end) - int(start) - int(summit)
        if left >= -250 and right <= 250:
            # The strand of the region is the first; turned round, the centre lies one position further left.
            within = slice(250 + left, 250 + right) if strand == "+" else slice(250 - right, 250 - left)
            found.append(int(records.counts[row, 0, :, 0, within].sum()))
            told.append(int(float(counts)))
    assert len(found) > 4000
    assert found == told
