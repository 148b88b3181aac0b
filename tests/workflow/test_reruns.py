"""What a change of a setting or of the code makes again, and that nothing else is made again."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from degu.data.store import read_store
from tests.workflow.cases import STORE
from tests.workflow.checkout import SETTINGS, SMALL
from tests.workflow.command import job_counts, succeed
from tests.workflow.small_run import ATTRIBUTION_FIGURES, MOTIF_RULES, UNCERTAINTY_FIGURES, copy_run

# The rules that draw and tell what the assessments of all methods hold.
SUMMARIES = {
    "summarize_uncertainty": 1,
    "collect_claims": 1,
    **{f"plot_{name}": 1 for name in UNCERTAINTY_FIGURES},
    "all": 1,
}
# The rules that assess models on shifted sequences: the ensemble, its two baselines, the student and k-mer ridge.
SHIFT_ASSESSMENTS = {"assess_shifts": 3, **dict.fromkeys(("assess_shifts_of_students", "assess_kmer_ridge"), 1)}
SHIFT_SUMMARIES = dict.fromkeys(("summarize_shifts", "plot_shift_ladder", "plot_design_ladder", "collect_claims"), 1)
# The rules that run a baseline on shifted sequences; the figure leaves baselines out.
SHIFTS_OF_BASELINE = dict.fromkeys(("predict_shifts", "assess_shifts", "summarize_shifts"), 1)
# The rules that tell and draw what students inherit of their ensembles.
HEADLINES = dict.fromkeys(("summarize_run", "plot_headlines"), 1)
# The rules that compare and draw maps.
COMPARISONS = {
    **dict.fromkeys(("compare_attributions", "score_attributions"), 1),
    **{f"plot_{name}": 1 for name in ATTRIBUTION_FIGURES},
    "all": 1,
}
ATTRIBUTIONS = dict.fromkeys(["attribute_members", "attribute_reference", "attribute_students", *MOTIF_RULES], 1)


@pytest.fixture
def rerun_counts(run, tmp_path) -> Callable[[dict], dict[str, int]]:
    """Return a function that counts the jobs of each rule that a dry run lists once settings are changed."""

    def count(changes: dict) -> dict[str, int]:
        changed = tmp_path / "changed.yaml"
        changed.write_text(yaml.safe_dump(changes))
        return job_counts(succeed(run, "--configfile", "small.yaml", changed, "-n"))

    return count


def test_a_setting_of_the_student_reruns_the_student_alone(rerun_counts):
    counts = rerun_counts({"overrides": {"students": {"degu": {"epochs": 3}}}})
    assert counts == {
        "train_student": 1,
        "predict_students": 1,
        "assess_students": 1,
        "evaluate_student": 1,
        "collect_performance": 1,
        "summarize_performance": 1,
        "plot_performance": 1,
        "plot_uncertainty_heads": 1,
        "plot_predictions": 1,
        "plot_training_curves": 1,
        "attribute_students": 1,
        **dict.fromkeys(["train_difference_head", "plot_difference_uncertainty", "package_student"], 1),
        **dict.fromkeys(MOTIF_RULES[1:], 1),
        # The student designs sequences, which all models predict.
        **dict.fromkeys(["design_sequences", "assess_designs", "plot_designs", "predict_shifts_by_students"], 1),
        "predict_shifts": 3,
        **SHIFT_ASSESSMENTS,
        **SHIFT_SUMMARIES,
        **COMPARISONS,
        **SUMMARIES,
        **HEADLINES,
    }


def test_an_option_of_a_baselines_loss_reruns_that_baseline_alone(rerun_counts):
    counts = rerun_counts({"overrides": {"baselines": {"quantile": {"loss": {"level": 0.8}}}}})
    assert counts == {"train_member": 2, "predict_members": 1, "assess_ensemble": 1, **SHIFTS_OF_BASELINE, **SUMMARIES}


def test_the_number_of_dropout_passes_reruns_predictions_and_no_training(rerun_counts):
    counts = rerun_counts({"overrides": {"baselines": {"mc_dropout": {"prediction": {"dropout_passes": 5}}}}})
    assert counts == {"predict_members": 1, "assess_ensemble": 1, **SHIFTS_OF_BASELINE, **SUMMARIES}


@pytest.mark.parametrize(
    "setting",
    [
        {"levels": [0.5, 0.9]},
        {"metrics": ["coverage", "interval_width", "miscalibration_area"]},
        {"conformal": {"split": {"method": "absolute"}}},
        {"shift": {"strength": 2.0}},
    ],
    ids=lambda setting: next(iter(setting)),
)
def test_a_setting_of_the_assessment_reruns_assessments_alone(rerun_counts, setting):
    expected = {"assess_ensemble": 3, "assess_students": 1, **SUMMARIES, **HEADLINES}
    # Shifted sequences have the conformal methods of the others, and metrics and levels of their own.
    if "conformal" in setting:
        expected |= SHIFT_ASSESSMENTS | SHIFT_SUMMARIES
    assert rerun_counts({"assessment": setting}) == expected


@pytest.mark.parametrize(
    ("setting", "rules"),
    [
        ({"gradient_correction": False}, COMPARISONS),
        ({"heads": ["mean", "total"]}, ATTRIBUTIONS | COMPARISONS),
        ({"methods": {"saliency": {"method": "smoothgrad"}}}, ATTRIBUTIONS | COMPARISONS),
        ({"sequences": {"top": 5}}, {"choose_explained_sequences": 1} | ATTRIBUTIONS | COMPARISONS),
    ],
    ids=lambda setting: next(iter(setting)),
)
def test_a_setting_of_the_attribution_reruns_what_it_changes(rerun_counts, setting, rules):
    assert rerun_counts({"attribution": setting}) == rules


def test_a_further_member_of_the_reference_ensemble_reruns_what_it_judges(rerun_counts):
    """It judges no shifts where a simulator knows the truth."""
    counts = rerun_counts({"study": {"reference_members": 3}})
    assert counts == {"train_member": 1, "attribute_reference": 1, **COMPARISONS}


@pytest.mark.parametrize(
    ("setting", "rules"),
    [
        ({"features": ["gc"]}, SHIFT_ASSESSMENTS | SHIFT_SUMMARIES),
        (
            {"ladders": {"mutation": {"kind": "mutation", "levels": [0.2, 1.0]}}},
            {"shift_sequences": 1, "predict_shifts": 3, "predict_shifts_by_students": 1, "assess_designs": 1}
            | {"plot_designs": 1}
            | SHIFT_ASSESSMENTS
            | SHIFT_SUMMARIES,
        ),
    ],
    ids=["features", "levels"],
)
def test_a_setting_of_the_shifts_reruns_what_it_changes(rerun_counts, setting, rules):
    assert rerun_counts({"shift": setting}) == {**rules, "all": 1}


def test_a_setting_of_a_design_reruns_that_design_and_what_predicts_it(rerun_counts):
    counts = rerun_counts({"design": {"designs": {"mine": {"search": "beam"}}}})
    assert counts == {
        **dict.fromkeys(["design_sequences", "predict_shifts_by_students", "assess_designs", "plot_designs", "all"], 1),
        "predict_shifts": 3,
        **SHIFT_ASSESSMENTS,
        **SHIFT_SUMMARIES,
    }


def test_a_second_call_has_nothing_to_do(run):
    output = succeed(run, *SETTINGS, "-n")
    assert "Nothing to be done" in output
    assert job_counts(output) == {}


def test_a_further_baseline_reruns_nothing_of_the_others(rerun_counts):
    baselines = [*SMALL["study"]["baselines"], "gaussian"]
    counts = rerun_counts({"study": {"baselines": baselines}})
    assert counts == {"train_member": 2, "predict_members": 1, "assess_ensemble": 1, **SHIFTS_OF_BASELINE, **SUMMARIES}


def test_a_title_reruns_figures_and_page_alone(rerun_counts):
    counts = rerun_counts({"overrides": {"datasets": {"simulated_mpra": {"title": "Another title"}}}})
    # The folder of a student tells the title.
    assert {rule for rule in counts if not rule.startswith("plot_")} == {
        *("assess_designs", "collect_claims", "package_student", "summarize_shifts", "summarize_uncertainty"),
        "all",
    }


def test_one_more_member_trains_that_member_alone(rerun_counts):
    """The student is distilled anew, since the ensemble is another."""
    counts = rerun_counts({"study": {"members": 3}})
    assert counts["train_member"] == 1
    assert counts["train_student"] == 1
    # The study says by itself how many members a baseline has.
    assert counts["predict_members"] == counts["assess_ensemble"] == 1
    assert not {"import_dataset", "fit_kmer_ridge", "plot_simulated_truth"} & set(counts)


def test_the_seed_reruns_the_split_and_all_after_it(rerun_counts):
    counts = rerun_counts({"seed": 2})
    assert counts["import_dataset"] == 1
    assert counts["train_member"] == 2 + 2 + 2
    assert "fetch_source" not in counts


def test_code_of_the_figures_reruns_no_training(run, tmp_path):
    copy = copy_run(run, tmp_path / "copy")
    module = copy / "scripts" / "degu" / "figures" / "performance.py"
    module.write_text(module.read_text() + "\nUNUSED = 1\n")
    counts = job_counts(succeed(copy, *SETTINGS, "-n"))
    assert counts == {"plot_performance": 1, "all": 1}


def test_code_of_a_metric_reruns_assessments_alone(run, tmp_path):
    copy = copy_run(run, tmp_path / "copy")
    module = copy / "scripts" / "degu" / "uncertainty" / "calibration" / "crps.py"
    module.write_text(module.read_text() + "\nUNUSED = 1\n")
    counts = job_counts(succeed(copy, *SETTINGS, "-n"))
    assessments = {"assess_ensemble": 3, "assess_students": 1, **SHIFT_ASSESSMENTS}
    assert counts == {**assessments, **SHIFT_SUMMARIES, **SUMMARIES, **HEADLINES}


def mark_as_run(folder: Path, *settings: str) -> None:
    """Make an empty file or folder for each output of a run, and let Snakemake note that its jobs have made them."""
    lines = succeed(folder, *settings, "--summary").partition("output_file\t")[2].splitlines()[1:]
    outputs = [folder / line.partition("\t")[0] for line in lines if line.startswith(("results/", "figures/"))]
    for output in outputs:
        output.parent.mkdir(parents=True, exist_ok=True)
        if output.name != "package":
            output.touch()
        else:
            output.mkdir()
    succeed(folder, *settings, "--touch", "--forceall")


def test_names_and_units_of_an_own_assay_draw_figures_again_and_train_nothing(case):
    case.options["targets"] = {"activity": {"replicates": ["rep1", "rep2"], "unit": "log2"}}
    case.config |= {"members_per_job": 1, "students_per_job": 1, "attribution": {"run": ["saliency"], "methods": {}}}
    case.config["attribution"]["motifs"] = {"method": None}
    case.write()
    settings = ("--configfile", "bad.yaml", "--cores", "1")
    mark_as_run(case.folder, *settings)
    assert "Nothing to be done" in succeed(case.folder, *settings, "-n")

    def counts(key: str, value: str = "new") -> dict[str, int]:
        return job_counts(succeed(case.folder, *settings, "-n", "--config", f"overrides.datasets.assay.{key}={value}"))

    showing = (
        "attribution_logos",
        "attribution_similarity",
        "conformal",
        "design_ladder",
        "designs",
        "difference_uncertainty",
        "interval_coverage",
        "predictions",
        "published_shifts",
        "shift_ladder",
    )
    # The folder of a student tells the units, the title and the citation.
    packaged = {"package_student": 1, "all": 1}
    unit = counts("options.targets.activity.unit")
    assert unit == {**{f"plot_{name}": 1 for name in showing}, **packaged}
    title = counts("title")
    pages = {"assess_designs", "collect_claims", "summarize_shifts", "summarize_uncertainty"}
    assert {rule for rule in title if not rule.startswith("plot_")} == {*pages, *packaged}
    assert set(unit) < set(title)
    assert counts("citation") == packaged
    assert counts("files.table.page") == {}
    # What the import depends on is imported again, so that what is marked as run can tell.
    grouped = counts("options.group", "element")
    assert grouped["import_dataset"] == grouped["predict_members"] == 1


def test_jobs_have_the_keys_with_dots_of_the_command_line(case):
    case.write()
    grouped = ("--config", "overrides.datasets.assay.options.group=element")
    settings = ("--configfile", "bad.yaml", "--cores", "1", *grouped)
    succeed(case.folder, *settings, "--", STORE)
    assert read_store(case.folder / STORE).attributes["settings"]["options"]["group"] == "element"
    assert "Nothing to be done" in succeed(case.folder, "-n", *settings, "--", STORE)
    assert job_counts(succeed(case.folder, "-n", *settings[:4], "--", STORE)) == {"import_dataset": 1}


def test_fractions_that_print_alike_when_rounded_are_two(case):
    case.config["study"]["fractions"] = [1 / 3, 0.3333334, 1e-5, 1.0]
    case.write()
    output = succeed(case.folder, "-n", "--configfile", "bad.yaml", "--cores", "1", "--", "all")
    for fraction in ("0.3333333333333333", "0.3333334", "0.00001", "1"):
        assert f"results/assay/small/fraction-{fraction}/predictions.h5" in output


@pytest.mark.system
def test_another_file_or_content_of_a_pool_labels_it_anew_whatever_its_date(case):
    case.config["study"]["students"] = ["degu@genomic-5"]
    case.config["overrides"]["teachers"]["small"]["epochs"] = 1
    case.config["overrides"]["pools"] = {"genomic": {"source": {"path": "windows.fa"}}}
    case.write()
    sequences = [row["sequence"] for row in case.rows]
    windows, others = case.folder / "windows.fa", case.folder / "others.fa"
    windows.write_text("".join(f">{index}\n{sequence}\n" for index, sequence in enumerate(sequences)))
    others.write_text("".join(f">{index}\n{sequence[::-1]}\n" for index, sequence in enumerate(sequences)))
    settings = ("--configfile", "bad.yaml", "--cores", "1", "--", "results/assay/small/fraction-1/pools/genomic.h5")
    succeed(case.folder, *settings)
    assert "Nothing to be done" in succeed(case.folder, "-n", *settings)
    moved = "overrides={pools: {genomic: {source: {path: others.fa}}}}"
    assert job_counts(succeed(case.folder, "-n", "--config", moved, *settings)) == {"label_pool": 1}
    # It is older than the labels.
    others.rename(windows)
    os.utime(windows, (1e9, 1e9))
    assert job_counts(succeed(case.folder, "-n", *settings)) == {"label_pool": 1}
