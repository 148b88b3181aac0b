"""The documented command lines, literally, in a fresh copy; and what every rule must say."""

import itertools
import re
from pathlib import Path

import pytest
import yaml
from checkout import (
    DEFAULT_PATH,
    REPOSITORY,
    copy_repository,
    environment_of,
    evaluated,
    job_counts,
    read_rules,
    script_of,
    snakemake,
    succeed,
)
from conda_shim import write_conda
from tests.conftest import SHARED_DATA, skip_without

RULES = read_rules()
WORKING = {name: rule for name, rule in RULES.items() if name != "all"}
LOCAL = {name for name, rule in WORKING.items() if "localrule" in rule}
PROFILES = ("profiles/default/config.yaml", "slurm/profile.yaml")
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
COUNTED = [
    *("train_member", "train_student", "predict_members", "predict_students", "assess_ensemble", "assess_students"),
    *("summarize_uncertainty", *UNCERTAINTY_FIGURES, "plot_simulated_uncertainty"),
    *("choose_explained_sequences", *OF_A_TEACHER, *OF_A_STUDENT, *WHERE_TRUTH_IS_KNOWN),
    *("discover_motifs", *MOTIFS_OF_A_STUDENT, "score_motifs"),
]
ON_GPU = {
    *("train_member", "train_student", "predict_members", "predict_students"),
    *("train_member_pack", "train_student_pack"),
    *("attribute_members", "attribute_reference", "attribute_students"),
}
OF_SEVERAL_A_JOB = {"train_member_pack", "unpack_member", "train_student_pack", "unpack_student"}


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """Return a fresh copy; dry runs leave it as it is."""
    return copy_repository(tmp_path_factory.mktemp("copy"))


def read_yaml(path: str) -> dict:
    return yaml.safe_load((REPOSITORY / path).read_text())


def counts_of(config: str) -> dict[str, int]:
    """Multiply out what a configuration trains, predicts and assesses; read off the YAML files alone."""
    settings = {**read_yaml("config/config.yaml"), **read_yaml(config)}
    general = {**read_yaml("config/config.yaml")["study"], **settings["study"]}
    attribution = {**read_yaml("config/config.yaml")["attribution"], **settings["attribution"]}
    counts = dict.fromkeys(COUNTED, 0)
    for dataset in settings["datasets"]:
        study = {**general, **read_yaml(f"config/datasets/{dataset}.yaml").get("study", {})}
        teachers, fractions = study["teachers"], study["fractions"]
        # What is trained alike is trained once.
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
            # No intervals to assess.
            counts["assess_ensemble"] = counts["assess_students"] = 0
        else:
            for rule in ("summarize_uncertainty", *UNCERTAINTY_FIGURES):
                counts[rule] += len(teachers)
        if dataset.startswith("simulated"):
            counts["plot_simulated_uncertainty"] += len(teachers)
        if not (attribution["run"] and students):
            continue
        # A reference ensemble of each teacher, of as many members unless said otherwise.
        counts["train_member"] += len(teachers) * (attribution.get("reference_members") or study["members"])
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
    return {rule: count for rule, count in job_counts(output).items() if rule in COUNTED}


def test_default(copy):
    output = succeed(copy, "-n")
    assert counted(output) == counts_of("config/config.yaml")
    assert counted(output) == {
        # Five members at two fractions, two of each baseline but Monte Carlo dropout, two of the reference ensemble.
        "train_member": 2 * 5 + 5 * 2 + 2,
        "train_student": 2 * 2,
        "predict_members": 2 + 6,
        "predict_students": 2,
        "assess_ensemble": 1 + 6,
        "assess_students": 1,
        "summarize_uncertainty": 1,
        **dict.fromkeys([*UNCERTAINTY_FIGURES, "plot_simulated_uncertainty"], 1),
        **dict.fromkeys(["choose_explained_sequences", *OF_A_TEACHER, *OF_A_STUDENT, *WHERE_TRUTH_IS_KNOWN], 1),
        **dict.fromkeys(["discover_motifs", *MOTIFS_OF_A_STUDENT, "score_motifs"], 1),
    }
    # Every rule but those of several models a job, and of provenance, has a part in the default run.
    assert set(job_counts(output)) == set(RULES) - OF_SEVERAL_A_JOB - {"provenance"}


def test_provenance(copy):
    counts = job_counts(succeed(copy, "provenance", "-n"))
    everything = job_counts(succeed(copy, "-n"))
    del everything["all"]
    assert counts == {**everything, "provenance": 1}


def test_slurm_profile(copy):
    output = succeed(copy, "--profile", "slurm", "-n")
    assert "Using profiles slurm" in output
    assert job_counts(output) == job_counts(succeed(copy, "-n"))


def test_slurm_profile_with_conda(copy, tmp_path):
    """Even a dry run asks conda about itself then."""
    conda = write_conda(tmp_path / "conda")
    command = ("--profile", "slurm", "--software-deployment-method", "conda", "-n")
    assert counted(succeed(copy, *command, path=f"{conda}:{DEFAULT_PATH}")) == counts_of("config/config.yaml")


def test_paper(copy):
    output = succeed(copy, "--configfile", "config/paper.yaml", "-n")
    expected = counts_of("config/paper.yaml")
    assert counted(output) == expected
    # Four data sets, eight teachers of ten at five fractions; two students of ten seeds of each.
    assert expected["train_student"] == 8 * 5 * 2 * 10
    # Of nine baselines eight are trained, but seven of them are the same of ResidualBind with and without a noise head,
    # a teacher of each of two data sets.
    # Of each teacher a reference ensemble beside them.
    assert expected["train_member"] == 8 * 5 * 10 + (8 * 8 - 2 * 7) * 10 + 8 * 10
    assert expected["assess_ensemble"] == 8 * (1 + 9)


def data_of(config: str) -> tuple[str, ...]:
    """Return the arguments that run a configuration of measured data; skip where they are not."""
    names = [name for name in read_yaml(config)["datasets"] if not name.startswith("simulated")]
    for name in names:
        skip_without(read_yaml(f"config/datasets/{name}.yaml")["files"]["table"]["name"])
    return ("--configfile", config, "--config", f"data_directory={SHARED_DATA}", "-n")


def test_real_data(copy):
    output = succeed(copy, *data_of("config/real_data.yaml"), "-p")
    assert counted(output) == counts_of("config/real_data.yaml")
    assert job_counts(output)["fetch_source"] == job_counts(output)["summarize_uncertainty"] == 3
    # One student of three seeds of each of three ensembles, and no baselines.
    assert job_counts(output)["train_member"] == 3 * 5
    assert job_counts(output)["train_student"] == 3 * 3


def test_uncertainty(copy):
    output = succeed(copy, *data_of("config/uncertainty.yaml"))
    assert counted(output) == counts_of("config/uncertainty.yaml")


def test_real_data_beside_the_repository(tmp_path):
    """The literal command finds the files where config/real_data.yaml says that they lie."""
    skip_without("crx_mpra_replicates.tsv.gz")
    folder = tmp_path / "work" / "main"
    folder.mkdir(parents=True)
    copy = copy_repository(folder)
    output = succeed(copy, "--configfile", "config/real_data.yaml", "-n")
    assert counted(output) == counts_of("config/real_data.yaml")


def test_attribution(copy):
    output = succeed(copy, *data_of("config/attribution.yaml"))
    assert counted(output) == counts_of("config/attribution.yaml")


def test_synthetic_code(copy):
    output = succeed(copy, "--configfile", "config/synthetic_code.yaml", "-n")
    assert counted(output) == counts_of("config/synthetic_code.yaml")
    # Four networks: ten members, ten alone.
    assert job_counts(output)["train_member"] == 4 * (10 + 10)
    assert not {"assess_ensemble", "plot_pit", "summarize_uncertainty"} & set(job_counts(output))


def test_simulated_noise(copy):
    output = succeed(copy, "--configfile", "config/simulated_noise.yaml", "-n")
    assert counted(output) == counts_of("config/simulated_noise.yaml")


def test_lint(copy):
    assert "Congratulations" in succeed(copy, "--lint")


def test_one_dataset_chosen_on_the_command_line(copy):
    output = succeed(copy, "-n", "--config", "datasets=[simulated_mpra]")
    assert job_counts(output) == job_counts(succeed(copy, "-n"))


def test_one_dataset_of_several(copy):
    output = succeed(copy, "-n", "--configfile", "config/paper.yaml", "--config", "datasets=[deepstarr]")
    assert job_counts(output)["train_member"] == 5 * 10 + 8 * 10 + 10
    assert "simulated_mpra" not in output


def counts_with(copy: Path, folder: Path, **study: object) -> dict[str, int]:
    """Return the jobs of the default configuration with some keys of the study changed."""
    file = folder / "changed.yaml"
    file.write_text(yaml.safe_dump({"study": study}))
    return job_counts(succeed(copy, "--configfile", file, "-n"))


@pytest.mark.parametrize(
    ("baseline", "members"),
    [
        ("laplace", 2),
        ("bootstrap", 2),
        # As the teacher itself, whose first members it shows.
        ("replicate_std", 0),
    ],
)
def test_a_baseline_adds_its_own_jobs_alone(copy, tmp_path, baseline, members):
    before = counts_with(copy, tmp_path)
    known = read_yaml("config/config.yaml")["study"]["baselines"]
    after = counts_with(copy, tmp_path, baselines=[*known, baseline])
    more = {rule: after[rule] - before[rule] for rule in after if after[rule] != before[rule]}
    expected = {"train_member": members, "predict_members": 1, "assess_ensemble": 1}
    assert more == {rule: count for rule, count in expected.items() if count}


def test_a_baseline_that_only_predicts_trains_nothing(copy, tmp_path):
    known = read_yaml("config/config.yaml")["study"]["baselines"]
    with_it = counts_with(copy, tmp_path)
    without = counts_with(copy, tmp_path, baselines=[name for name in known if name != "mc_dropout"])
    assert {rule: with_it[rule] - without[rule] for rule in with_it if with_it[rule] != without[rule]} == {
        "predict_members": 1,
        "assess_ensemble": 1,
    }


def test_several_models_are_trained_in_a_job(copy, tmp_path):
    """Packs are of one ensemble, and of its reference ensemble by itself; the last may be smaller."""
    file = tmp_path / "packed.yaml"
    file.write_text(yaml.safe_dump({"members_per_job": 3, "students_per_job": 2}))
    before, after = (job_counts(succeed(copy, *options, "-n")) for options in ([], ["--configfile", file]))
    differing = {rule: after.get(rule, 0) for rule in before | after if before.get(rule) != after.get(rule)}
    assert differing == {
        # Two fractions of five members, five baselines of two, a reference ensemble of two.
        "train_member_pack": 2 * 2 + 5 + 1,
        "unpack_member": before["train_member"],
        "train_member": 0,
        "train_student_pack": 2,
        "unpack_student": before["train_student"],
        "train_student": 0,
    }


@pytest.mark.parametrize("name", ["small-laplace", "deepstarr", "deepstarr-gaussian", "small-", "kmer_ridge-gaussian"])
def test_nothing_makes_an_ensemble_that_is_not_run(copy, name):
    done = snakemake(copy, "-n", f"results/simulated_mpra/{name}/fraction-1/performance.tsv")
    assert done.returncode != 0
    assert "No rule to produce" in done.stdout


def test_a_study_of_a_teacher_alone_assesses_it(copy, tmp_path):
    counts = counts_with(copy, tmp_path, baselines=[], students=[])
    assert counts["assess_ensemble"] == counts["summarize_uncertainty"] == counts["plot_pit"] == 1
    assert not {"train_student", "assess_students", "plot_uncertainty_heads"} & set(counts)


def test_a_baseline_among_the_teachers_is_distilled_and_trained_once(copy, tmp_path):
    before = counts_with(copy, tmp_path, fractions=[1.0])
    after = counts_with(copy, tmp_path, fractions=[1.0], teachers=["small", "small-gaussian"])
    # As many members as of a teacher, and a reference ensemble.
    assert after["train_member"] - before["train_member"] == 5 - 2 + 2
    assert after["predict_members"] == before["predict_members"]
    assert after["assess_ensemble"] == before["assess_ensemble"]
    for rule in ("train_student", "assess_students", "summarize_uncertainty", "plot_pit", *OF_A_TEACHER, *OF_A_STUDENT):
        assert after[rule] == 2 * before[rule]


def test_a_dry_run_writes_nothing(tmp_path):
    copy = copy_repository(tmp_path)
    before = {path for path in copy.rglob("*") if ".snakemake" not in path.parts}
    succeed(copy, "-n")
    assert {path for path in copy.rglob("*") if ".snakemake" not in path.parts} == before


def test_profiles_name_rules_that_exist():
    """Snakemake ignores any other without a word."""
    keys = [(profile, key) for profile in PROFILES for key in ("set-threads", "set-resources")]
    named = {rule for profile, key in keys for rule in read_yaml(profile).get(key, {})}
    assert named >= ON_GPU
    assert named - set(WORKING) == set()


def test_profiles_hold_only_mappings_that_snakemake_reads():
    """Snakemake drops a mapping under any other key without a word."""
    read = {"set-threads", "resources", "set-resources", "default-resources", "config", "groups", "group-components"}
    for profile in PROFILES:
        assert {key for key, value in read_yaml(profile).items() if isinstance(value, dict)} <= read


def test_no_key_of_the_slurm_profile_is_overruled():
    """A key of the profile that Snakemake loads on its own wins over the same key of `--profile`."""
    default, slurm = (read_yaml(profile) for profile in PROFILES)
    assert {key for key in default.keys() & slurm.keys() if default[key] != slurm[key]} == set()


def test_only_rules_that_run_a_network_ask_for_a_gpu():
    asking = {name for name, rule in WORKING.items() if "gpu" in rule.get("resources", "")}
    assert asking == ON_GPU
    assert {rule for rule in asking if not re.search(r"\bgpu=1,", WORKING[rule]["resources"])} == set()
    assert {name for name, rule in WORKING.items() if environment_of(rule) == "training"} == ON_GPU


def test_slurm_sends_those_rules_alone_to_the_gpu_partition():
    profile = read_yaml("slurm/profile.yaml")
    partition = dict.fromkeys(WORKING, profile["default-resources"]["slurm_partition"])
    partition |= {name: asked["slurm_partition"] for name, asked in profile["set-resources"].items()}
    assert {name for name in WORKING if partition[name] == "gpu"} == ON_GPU
    assert {partition[name] for name in WORKING.keys() - ON_GPU} == {"cpu"}


def test_rules_that_run_in_snakemake_itself_need_little():
    """On a cluster these make no job of their own, on the login node."""
    assert {name for name in WORKING if name.startswith(("plot_", "collect_", "summarize_"))} <= LOCAL
    assert [name for name in LOCAL if {"resources", "threads"} & set(WORKING[name])] == []
    # A download needs the internet.
    assert "fetch_source" in LOCAL


@pytest.mark.parametrize("directive", ["input", "output", "log", "benchmark", "conda", "params", "message", "script"])
def test_every_rule_says(directive):
    assert len(WORKING) >= 17
    assert [name for name, rule in WORKING.items() if directive not in rule] == []


def test_every_rule_passes_a_digest_of_its_code():
    """Snakemake reruns a rule for a change of its script, but not of what that imports."""
    assert [name for name, rule in WORKING.items() if "code=" not in rule["params"]] == []


@pytest.mark.parametrize("name", sorted(WORKING))
def test_a_rule_its_script_and_its_logs_share_a_name(name):
    rule = WORKING[name]
    same = {
        "predict_students": "predict_members",
        "discover_student_motifs": "discover_motifs",
        "train_member_pack": "train_member",
        "train_student_pack": "train_student",
        **dict.fromkeys(["unpack_member", "unpack_student"], "unpack_model"),
        "provenance": "collect_provenance",
        **dict.fromkeys(["attribute_reference", "attribute_students"], OF_A_TEACHER[0]),
    }
    assert script_of(rule) == same.get(name, name)
    assert (REPOSITORY / "scripts" / f"{script_of(rule)}.py").is_file()
    log, benchmark = (evaluated(rule[directive]) for directive in ("log", "benchmark"))
    assert re.match(rf"logs/{name}(/|\.log$)", log)
    assert re.match(rf"benchmarks/jobs/{name}(/|\.tsv$)", benchmark)


def test_every_script_has_a_rule():
    scripts = {path.stem for path in (REPOSITORY / "scripts").glob("*.py") if not path.stem.startswith("_")}
    # A person's own.
    assert scripts - {"compare_runs"} == {script_of(rule) for rule in WORKING.values()}


def test_captions_of_the_report_exist():
    files = [REPOSITORY / "Snakefile", *REPOSITORY.glob("rules/*.smk")]
    text = "\n".join(path.read_text() for path in files)
    named = set(re.findall(r'resources/captions/(\w+)\.rst"', text))
    named |= {f"plot_{name}" for name in re.findall(r'figure_output\(\s*"(?:[^"/]+/)*(\w+)"', text)}
    assert named == {path.stem for path in (REPOSITORY / "resources" / "captions").glob("*.rst")}
