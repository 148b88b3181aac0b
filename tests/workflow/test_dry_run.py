"""The documented command lines, literally, in a fresh copy."""

import re

import pytest

from tests.conftest import SHARED_DATA, skip_without
from tests.workflow.checkout import copy_repository, read_rules
from tests.workflow.command import DEFAULT_PATH, job_counts, plan, snakemake, succeed
from tests.workflow.conda_shim import write_conda
from tests.workflow.counting import (
    MOTIFS_OF_A_STUDENT,
    OF_A_STUDENT,
    OF_A_TEACHER,
    UNCERTAINTY_FIGURES,
    WHERE_TRUTH_IS_KNOWN,
    counted,
    counts_of,
    of_other_runs,
    read_yaml,
)

# These rules have a part in runs whose students are distilled from several numbers of members.
OF_SEVERAL_SIZES = {"sweep_ensemble_size", "plot_ensemble_size"}
# This rule has a part in runs whose students are trained on several numbers of sequences.
OF_POOL_SIZES = {"plot_pool_sizes"}
# These rules have a part in runs that distil several students of a teacher.
OF_SEVERAL_STUDENTS = {"compare_students", "plot_student_costs"}
# The default run trains several members in a job, and several students.
OF_OTHER_JOBS = {"train_member", "train_student"}


def test_default(copy):
    output = plan(copy)
    assert counted(output) == counts_of("config/config.yaml")
    assert counted(output) == {
        # Each of two data sets has ten members, and the simulated one two of the reference ensemble.
        "train_member": 2 * 10 + 2,
        "train_student": 2 * 2,
        "predict_members": 2,
        "predict_students": 2,
        "assess_ensemble": 2,
        "assess_students": 2,
        "summarize_uncertainty": 2,
        **dict.fromkeys(UNCERTAINTY_FIGURES, 2),
        "plot_simulated_uncertainty": 1,
        **dict.fromkeys(["choose_explained_sequences", *OF_A_TEACHER, *OF_A_STUDENT, *WHERE_TRUTH_IS_KNOWN], 1),
        **dict.fromkeys(["discover_motifs", *MOTIFS_OF_A_STUDENT, "score_motifs"], 1),
        # The simulator's truth takes the place of a reference ensemble.
        "shift_sequences": 8,
        **dict.fromkeys(["predict_shifts", "predict_shifts_by_students", "plot_shift_ladder"], 1),
        **dict.fromkeys(["assess_shifts", "assess_shifts_of_students", "assess_kmer_ridge"], 1),
        **{"design_sequences": 3, "assess_designs": 1, "plot_designs": 1},
    }
    # Every rule has a part in the default run, but for provenance, other sizes of jobs, sweeps and other measurements.
    of_sweeps = OF_SEVERAL_SIZES | OF_POOL_SIZES | OF_SEVERAL_STUDENTS
    left_out = OF_OTHER_JOBS | of_sweeps | of_other_runs(read_rules()) | {"provenance"}
    assert set(job_counts(output)) == set(read_rules()) - left_out


def test_provenance(copy):
    counts = job_counts(succeed(copy, "provenance", "-n"))
    everything = job_counts(plan(copy))
    del everything["all"]
    assert counts == {**everything, "provenance": 1}


def test_slurm_profile(copy):
    output = succeed(copy, "--profile", "slurm", "-n")
    assert "Using profiles slurm" in output
    assert job_counts(output) == job_counts(plan(copy))


def test_slurm_profile_with_conda(copy, tmp_path):
    """With this method, even a dry run asks conda about itself."""
    conda = write_conda(tmp_path / "conda")
    command = ("--profile", "slurm", "--software-deployment-method", "conda", "-n")
    assert counted(succeed(copy, *command, path=f"{conda}:{DEFAULT_PATH}")) == counts_of("config/config.yaml")


@pytest.mark.system
def test_paper(copy):
    output = succeed(copy, "--configfile", "config/paper.yaml", "-n")
    expected = counts_of("config/paper.yaml")
    assert counted(output) == expected
    # There are eleven teachers over four data sets, at five fractions; each has three students of ten seeds. Two
    # teachers of profiles have one fraction, one kind of student of five seeds, and no baselines.
    assert expected["train_student"] == 11 * 5 * 3 * 10 + 2 * 5
    # Eight of nine baselines are trained. Two data sets have ResidualBind as a teacher with and without a noise head;
    # seven baselines are the same for both. Each teacher but those of profiles has a reference ensemble.
    assert expected["train_member"] == 11 * 5 * 10 + (11 * 8 - 2 * 7) * 10 + 11 * 10 + 2 * 10
    assert expected["assess_ensemble"] == 11 * (1 + 9) + 2
    counts = job_counts(output)
    assert counts["score_profiles"] == counts["plot_profile_accuracy"] == 2
    # Three recurrent networks are explained by other methods, and motifs are discovered in their maps as well.
    assert expected["attribute_members"] == expected["discover_motifs"] == 11


def data_of(config: str) -> tuple[str, ...]:
    """Return the arguments of a dry run on measured data; skip the test where the data are absent."""
    names = [name for name in read_yaml(config)["datasets"] if not name.startswith("simulated")]
    for name in names:
        file = read_yaml(f"config/datasets/{name}.yaml")["files"]["table"]
        # A file with a path is one of the repository's own.
        if "name" in file:
            skip_without(file["name"])
    return ("--configfile", config, "--config", f"data_directory={SHARED_DATA}", "-n")


def test_real_data(copy):
    output = succeed(copy, *data_of("config/real_data.yaml"), "-p")
    assert counted(output) == counts_of("config/real_data.yaml")
    assert job_counts(output)["fetch_source"] == job_counts(output)["summarize_uncertainty"] == 5
    # Each of five ensembles has three students; there are no baselines.
    assert counted(output)["train_member"] == 5 * 10
    assert counted(output)["train_student"] == 5 * 3


def test_dream_rnn(copy):
    output = succeed(copy, *data_of("config/dream_rnn.yaml"))
    assert counted(output) == counts_of("config/dream_rnn.yaml")
    assert (counted(output)["train_member"], counted(output)["train_student"]) == (2 * 5, 2 * 2)


def test_uncertainty(copy):
    output = succeed(copy, *data_of("config/uncertainty.yaml"))
    assert counted(output) == counts_of("config/uncertainty.yaml")


def test_intervals(copy):
    output = succeed(copy, *data_of("config/intervals.yaml"))
    assert counted(output) == counts_of("config/intervals.yaml")


def test_recipes_of_students(copy):
    output = succeed(copy, *data_of("config/student_recipes.yaml"))
    assert counted(output) == counts_of("config/student_recipes.yaml")
    # Three data sets have nine recipes, and the one without replicates has eight. Each has two students.
    assert counted(output)["train_student"] == (3 * 9 + 8) * 2
    # Two numbers of variants and crossovers are labelled.
    assert job_counts(output)["label_pool"] == 4 * 3


def test_measured_shifts(copy):
    output = succeed(copy, *data_of("config/measured_shifts.yaml"))
    assert counted(output) == counts_of("config/measured_shifts.yaml")
    counts = job_counts(output)
    # One of five data sets has two transfers. Three of the other data sets have no models of their own.
    assert {name: counts[name] for name in counts if "transfer" in name} == {
        **dict.fromkeys(["predict_transfer", "predict_transfer_by_students"], 6),
        **dict.fromkeys(["assess_transfer", "assess_transfer_of_students"], 6),
        "summarize_transfers": 5,
    }
    assert counts["plot_measured_shifts"] == 5
    assert counts["import_dataset"] == 5 + 3


def test_attribution(copy):
    output = succeed(copy, *data_of("config/attribution.yaml"))
    assert counted(output) == counts_of("config/attribution.yaml")


def test_synthetic_code(copy):
    output = succeed(copy, "--configfile", "config/synthetic_code.yaml", "-n")
    assert counted(output) == counts_of("config/synthetic_code.yaml")
    # Each of four networks has ten members, and ten models that are trained alone.
    assert counted(output)["train_member"] == 4 * (10 + 10)
    assert not {"assess_ensemble", "plot_pit", "summarize_uncertainty"} & set(job_counts(output))


def test_simulated_noise(copy):
    output = succeed(copy, "--configfile", "config/simulated_noise.yaml", "-n")
    assert counted(output) == counts_of("config/simulated_noise.yaml")


def test_lint(copy):
    assert "Congratulations" in succeed(copy, "--lint")


def test_one_dataset_chosen_on_the_command_line(copy):
    parts = {}
    for dataset, other in (("simulated_mpra", "inoue2017_hepg2"), ("inoue2017_hepg2", "simulated_mpra")):
        output = succeed(copy, "-n", "--config", f"datasets=[{dataset}]")
        assert other not in output
        parts[dataset] = counted(output)
    both = {rule: sum(part.get(rule, 0) for part in parts.values()) for part in parts.values() for rule in part}
    assert both == counted(plan(copy))


def test_one_dataset_of_several(copy):
    """Its files are given by the user, and may be absent."""
    output = succeed(copy, "-n", "--configfile", "config/paper.yaml", "--config", "datasets=[encode_atac_k562]")
    assert counted(output)["train_member"] == 2 * 10
    counts = job_counts(output)
    assert counts["fetch_source"] == 6
    assert not {"shift_sequences", "design_sequences", "attribute_members", "learn_actively"} & set(counts)
    assert "simulated_mpra" not in output


def test_an_own_assay(copy):
    output = succeed(copy, "-n", "--configfile", "config/own_assay.yaml", "--config", "datasets=[inoue2017_hepg2]")
    # There are ten members in two jobs and two students, without baselines and maps.
    assert (counted(output)["train_member"], counted(output)["train_student"]) == (10, 2)
    assert job_counts(output)["train_member_pack"] == 2
    assert not {*OF_A_TEACHER, *OF_A_STUDENT} & set(job_counts(output))


def test_own_assays_without_a_name(copy):
    done = snakemake(copy, "-n", "--configfile", "config/own_assay.yaml")
    assert done.returncode != 0
    assert "remedy:   name one, as in --config 'datasets=[NAME]'" in done.stdout


def test_keys_with_dots_on_the_command_line(copy):
    """They set single keys, of any depth, and win over files."""
    files = ("-n", "--configfile", "config/real_data.yaml")
    one = ("datasets=[inoue2017_hepg2]", "members_per_job=1")
    before = counted(succeed(copy, *files, "--config", *one))
    assert (before["train_member"], before["train_student"]) == (10, 3)
    dotted = ("study.members=4", "overrides.datasets.inoue2017_hepg2.study.student_seeds=2")
    output = succeed(copy, *files, "-p", "--config", *one, *dotted)
    assert counted(output) == {**before, "train_member": 4, "train_student": 2}
    braces = ("study={members: 4}", "overrides={datasets: {inoue2017_hepg2: {study: {student_seeds: 2}}}}")
    assert counted(succeed(copy, *files, "--config", *one, *braces)) == counted(output)


def test_keys_with_dots_have_the_types_of_yaml(copy):
    """The effects of motifs, whose names are free, can be numbers by such a key alone."""
    options = "overrides.datasets.simulated_mpra.options"
    settings = ("study.fractions=[0.5, 1.0]", f"{options}.effects={{HNF4A: 1.5}}", f"{options}.noise_effects={{}}")
    settings = (*settings, f"{options}.interactions=[]", "study.baseline_members=null", "deterministic=false")
    output = succeed(copy, "-n", "--config", "datasets=[simulated_mpra]", "attribution.run=[]", *settings)
    assert counted(output)["train_member"] == 2 * 10


@pytest.mark.parametrize("name", ["small-laplace", "deepstarr", "deepstarr-gaussian", "small-", "kmer_ridge-gaussian"])
def test_nothing_makes_an_ensemble_that_is_not_run(copy, name):
    done = snakemake(copy, "-n", f"results/simulated_mpra/{name}/fraction-1/performance.tsv")
    assert done.returncode != 0
    assert "No rule to produce" in done.stdout


def test_a_dry_run_writes_nothing(tmp_path):
    copy = copy_repository(tmp_path)
    before = {path for path in copy.rglob("*") if ".snakemake" not in path.parts}
    succeed(copy, "-n")
    assert {path for path in copy.rglob("*") if ".snakemake" not in path.parts} == before


def test_ensemble_size(copy):
    output = succeed(copy, "--configfile", "config/ensemble_size.yaml", "-n")
    assert counted(output) == counts_of("config/ensemble_size.yaml")
    # There is one ensemble of 25 members. Each of seven sizes has three students.
    assert counted(output)["train_member"] == 25
    assert counted(output)["train_student"] == 7 * 3
    assert {job_counts(output)[rule] for rule in OF_SEVERAL_SIZES | OF_SEVERAL_STUDENTS} == {1}


def test_several_numbers_of_labelled_sequences(copy):
    output = succeed(copy, "--configfile", "config/pool_sizes.yaml", "-n")
    assert counted(output) == counts_of("config/pool_sizes.yaml")
    # Five kinds of sequences are labelled once each, and four numbers of each have three students, as has none.
    assert job_counts(output)["label_pool"] == 5
    assert counted(output)["train_student"] == (5 * 4 + 1) * 3
    assert job_counts(output)["plot_pool_sizes"] == 1


def test_profiles(copy):
    counts = job_counts(succeed(copy, "--configfile", "config/profiles.yaml", "-n"))
    assert counts["unpack_member"] == 4
    names = ["score_profiles", "assess_profiles"]
    names += [f"plot_profile_{figure}" for figure in ("accuracy", "uncertainty", "calibration", "examples")]
    assert {name: counts[name] for name in names} == dict.fromkeys(names, 1)


def test_the_models_of_profiles_are_explained(copy):
    counts = job_counts(succeed(copy, "--configfile", "config/profile_attribution.yaml", "-n"))
    names = ["attribute_members", "attribute_reference", "attribute_students", "score_attributions", "match_motifs"]
    assert {name: counts[name] for name in names} == dict.fromkeys(names, 1)
    # Four members, and four of the reference ensemble.
    assert counts["unpack_member"] == 8


# The networks of ChromBPNet are for longer windows than this data set has.
WITH_BIAS = (
    *("--configfile", "config/profiles.yaml", "--config"),
    "overrides.datasets.simulated_profiles.options={negatives: 1, input_length: 2114, output_length: 1000}",
    "overrides.datasets.simulated_profiles.study.teachers=[chrombpnet, chrombpnet_without_bias]",
)


@pytest.mark.parametrize(
    ("per_job", "trainings"),
    [
        (1, {"train_member": 1 + 4}),
        # The one member of the bias network has a job of its own.
        (4, {"train_member_pack": 1 + 1, "unpack_member": 1 + 4}),
    ],
)
def test_a_bias_network_is_trained_first_and_members_without_it_are_not_trained_again(copy, per_job, trainings):
    """Those of the one teacher keep it, and those of the other one lose it."""
    targets = [
        f"results/simulated_profiles/{teacher}/fraction-1/predictions.h5"
        for teacher in ("chrombpnet", "chrombpnet_without_bias")
    ]
    output = succeed(copy, "-n", *WITH_BIAS, f"members_per_job={per_job}", "--", *targets)
    expected = {"fetch_source": 1, "import_dataset": 1, **trainings, "remove_bias": 4, "predict_members": 2}
    assert job_counts(output) == expected
    bias = "results/simulated_profiles/bpnet_bias/fraction-1/member-1/model.keras"
    jobs = [part for part in output.split("\n\n") if re.search(r"Train .* of chrombpnet on", part)]
    assert jobs
    assert all(bias in part for part in jobs)


def test_no_profiles_are_scored_where_nothing_is_counted(copy):
    assert not [name for name in job_counts(succeed(copy, "-n")) if "profile" in name]
