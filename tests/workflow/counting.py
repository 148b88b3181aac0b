"""How many jobs of each rule a configuration should plan: multiplied out from its YAML files, without our own code."""

import itertools
from collections.abc import Iterable

import yaml

from tests.workflow.checkout import REPOSITORY
from tests.workflow.command import job_counts

UNCERTAINTY_FIGURES = [
    "plot_interval_coverage",
    "plot_calibration_curves",
    "plot_accuracy_and_coverage",
    "plot_pit",
    "plot_conformal",
    "plot_conditional_coverage",
    "plot_sparsification",
]
OF_A_TEACHER = ["attribute_members", "attribute_reference"]
OF_A_STUDENT = [
    *("attribute_students", "compare_attributions"),
    *("plot_attribution_similarity", "plot_attribution_variability", "plot_attribution_logos"),
    "plot_attribution_quantiles",
]
WHERE_TRUTH_IS_KNOWN = ["score_attributions", "plot_attribution_truth"]
MOTIFS_OF_A_STUDENT = ["discover_student_motifs", "match_motifs", "plot_motifs"]
_OF_OTHER_RUNS = ("variant", "transfer", "measured_shifts", "active", "by_reference", "profile", "bias")
COUNTED = [
    *("train_member", "train_student", "predict_members", "predict_students", "assess_ensemble", "assess_students"),
    *("summarize_uncertainty", *UNCERTAINTY_FIGURES, "plot_simulated_uncertainty"),
    *("choose_explained_sequences", *OF_A_TEACHER, *OF_A_STUDENT, *WHERE_TRUTH_IS_KNOWN),
    *("discover_motifs", *MOTIFS_OF_A_STUDENT, "score_motifs"),
    *("shift_sequences", "predict_shifts", "predict_shifts_by_reference", "predict_shifts_by_students"),
    *("assess_shifts", "assess_shifts_of_students", "assess_kmer_ridge", "plot_shift_ladder"),
    *("design_sequences", "assess_designs", "plot_designs"),
]


def of_other_runs(rules: Iterable[str]) -> set[str]:
    """Return the rules that have no part in a run of a simulated MPRA without variants and active learning."""
    return {name for name in rules if any(word in name for word in _OF_OTHER_RUNS)}


def read_yaml(path: str) -> dict:
    """Read a YAML file of the repository."""
    return yaml.safe_load((REPOSITORY / path).read_text())


def counts_of(config: str) -> dict[str, int]:
    """Multiply out what a configuration trains, predicts, assesses and explains."""
    settings = {**read_yaml("config/config.yaml"), **read_yaml(config)}
    general = {**read_yaml("config/config.yaml")["study"], **settings["study"]}
    attribution = {**read_yaml("config/config.yaml")["attribution"], **settings["attribution"]}
    shift = {**read_yaml("config/config.yaml")["shift"], **settings["shift"]}
    design = {**read_yaml("config/config.yaml")["design"], **settings["design"]}
    own = settings.get("overrides", {}).get("datasets", {})
    counts = dict.fromkeys(COUNTED, 0)
    for dataset in settings["datasets"]:
        study = {**general, **read_yaml(f"config/datasets/{dataset}.yaml").get("study", {})}
        study |= own.get(dataset, {}).get("study", {})
        teachers, fractions = study["teachers"], study["fractions"]
        # Members that are trained alike are trained once.
        trained = {training(teacher): len(fractions) * study["members"] for teacher in teachers}
        for teacher, baseline in itertools.product(teachers, study["baselines"]):
            trained.setdefault(training(teacher, baseline), study["baseline_members"])
        baselines, students = len(teachers) * len(study["baselines"]), len(teachers) * len(study["students"])
        counts["train_member"] += sum(trained.values())
        counts["train_student"] += students * len(fractions) * study["student_seeds"]
        counts["predict_members"] += len(teachers) * len(fractions) + baselines
        counts["predict_students"] += students * len(fractions)
        # Uncertainty is assessed at the highest fraction.
        counts["assess_ensemble"] += len(teachers) + baselines
        counts["assess_students"] += students
        if read_yaml(f"config/datasets/{dataset}.yaml").get("labels"):
            # Class probabilities have no intervals to assess.
            counts["assess_ensemble"] = counts["assess_students"] = 0
        else:
            for rule in ("summarize_uncertainty", *UNCERTAINTY_FIGURES):
                counts[rule] += len(teachers)
        if dataset.startswith("simulated"):
            counts["plot_simulated_uncertainty"] += len(teachers)
        has_labels = read_yaml(f"config/datasets/{dataset}.yaml").get("labels")
        shifted = bool(shift["run"] and study.get("shift", True) and not has_labels)
        # Without students, those of them design nothing.
        designs = [name for name in design["run"] if students or design["designs"][name]["designer"] != "student"]
        designed = bool(designs and study.get("design", True) and not has_labels)
        explained = bool(attribution["run"] and students and study.get("explain", True))
        known = dataset.startswith("simulated")
        if designed:
            counts["design_sequences"] += len(designs) * len(teachers)
            counts["assess_designs"] += len(teachers)
            counts["plot_designs"] += len(teachers)
        if shifted:
            counts["shift_sequences"] += len(shift["run"])
        if shifted or designed:
            counts["predict_shifts"] += len(teachers) + baselines
            counts["predict_shifts_by_students"] += students
            counts["assess_shifts"] += len(teachers) + baselines
            counts["assess_shifts_of_students"] += students
            counts["assess_kmer_ridge"] += len(teachers)
            counts["plot_shift_ladder"] += len(teachers)
            counts["predict_shifts_by_reference"] += 0 if known else len(teachers)
        # Each teacher has a reference ensemble, with as many members unless the configuration says otherwise.
        if explained or ((shifted or designed) and not known):
            counts["train_member"] += len(teachers) * (study.get("reference_members") or study["members"])
        if not explained:
            continue
        counts["choose_explained_sequences"] += 1
        for rule in OF_A_TEACHER:
            counts[rule] += len(teachers)
        if study["student_seeds"] == 1:
            counts["plot_attribution_variability"] -= students
        if attribution["sequences"]["per_quantile"] == 0:
            counts["plot_attribution_quantiles"] -= students
        for rule in [*OF_A_STUDENT, *(WHERE_TRUTH_IS_KNOWN if dataset.startswith(("simulated", "synthetic")) else [])]:
            counts[rule] += students
        if attribution["motifs"]["method"]:
            counts["discover_motifs"] += len(teachers)
            for rule in MOTIFS_OF_A_STUDENT:
                counts[rule] += students
            if dataset.startswith(("simulated", "synthetic")):
                counts["score_motifs"] += students
    return {rule: count for rule, count in counts.items() if count}


def training(teacher: str, baseline: str | None = None) -> str:
    """Return what the training of a teacher, or of a baseline laid over it, depends on."""
    recipe = {"heads": ["mean"], "loss": {"name": "mean_squared_error"}, **read_yaml(f"config/teachers/{teacher}.yaml")}
    own = read_yaml(f"config/baselines/{baseline}.yaml") if baseline else {}
    return str(sorted(({**recipe, **own, "prediction": None}).items()))


def counted(output: str) -> dict[str, int]:
    """Return how many jobs of the rules in `COUNTED` the output of a dry run lists.

    A model that is trained beside others and put into a folder of its own counts as one that has a job of its own.
    """
    counts: dict[str, int] = {}
    for rule, count in job_counts(output).items():
        rule = rule.replace("unpack_", "train_")
        if rule in COUNTED:
            counts[rule] = counts.get(rule, 0) + count
    return counts
