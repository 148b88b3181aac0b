"""What every rule must say, and that the profiles name rules that exist."""

import re

import pytest

from tests.workflow.checkout import REPOSITORY, environment_of, evaluated, read_rules, script_of
from tests.workflow.counting import OF_A_TEACHER, read_yaml

WORKING = {name: rule for name, rule in read_rules().items() if name != "all"}
LOCAL = {name for name, rule in WORKING.items() if rule.get("localrule", "").strip() == "True"}
PROFILES = ("profiles/default/config.yaml", "slurm/profile.yaml")
ON_GPU = {
    *("train_member", "train_student", "predict_members", "predict_students", "label_pool"),
    *("train_member_pack", "train_student_pack"),
    *("attribute_members", "attribute_reference", "attribute_students"),
    *("train_difference_head", "package_student"),
    *("design_sequences", "predict_shifts", "predict_shifts_by_reference", "predict_shifts_by_students"),
    *("predict_transfer", "predict_transfer_by_students"),
    *("predict_variants", "predict_variants_by_students"),
    *("begin_active_learning", "learn_actively"),
}

# This rule takes a network apart and runs none.
WITH_A_NETWORK = {*ON_GPU, "remove_bias"}


def test_profiles_name_rules_that_exist():
    """Snakemake ignores other names without a word."""
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
    assert {name for name, rule in WORKING.items() if environment_of(rule) == "training"} == WITH_A_NETWORK


def test_slurm_sends_those_rules_alone_to_the_gpu_partition():
    profile = read_yaml("slurm/profile.yaml")
    partition = dict.fromkeys(WORKING, profile["default-resources"]["slurm_partition"])
    partition |= {name: asked["slurm_partition"] for name, asked in profile["set-resources"].items()}
    assert {name for name in WORKING if partition[name] == "gpu"} == ON_GPU
    assert {partition[name] for name in WORKING.keys() - ON_GPU} == {"cpu"}


def test_rules_that_run_in_snakemake_itself_need_little():
    """On a cluster these make no job of their own: they run on the login node."""
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


def test_titles_of_figures_hold_no_names_of_settings():
    """Names of data sets, teachers and students pass through functions that return what a person calls them."""
    plotting = {name: rule["params"] for name, rule in WORKING.items() if name.startswith("plot_")}
    assert [name for name, params in plotting.items() if "{wildcards." in params] == []
    assert re.search(r"titles=.*title_of_dataset\(dataset\)", plotting["plot_headlines"])


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
        "fetch_variant_source": "fetch_source",
        "predict_variants_by_students": "predict_variants",
        **dict.fromkeys(["predict_shifts_by_reference", "predict_shifts_by_students"], "predict_shifts"),
        "plot_design_ladder": "plot_shift_ladder",
        "assess_shifts_of_students": "assess_shifts",
        "predict_transfer_by_students": "predict_transfer",
        "assess_transfer_of_students": "assess_transfer",
        **dict.fromkeys(["attribute_reference", "attribute_students"], OF_A_TEACHER[0]),
    }
    assert script_of(rule) == same.get(name, name)
    assert (REPOSITORY / "scripts" / f"{script_of(rule)}.py").is_file()
    log, benchmark = (evaluated(rule[directive]) for directive in ("log", "benchmark"))
    assert re.match(rf"logs/{name}(/|\.log$)", log)
    assert re.match(rf"benchmarks/jobs/{name}(/|\.tsv$)", benchmark)


def test_every_script_has_a_rule():
    scripts = {path.stem for path in (REPOSITORY / "scripts").glob("*.py") if not path.stem.startswith("_")}
    # A person runs this one.
    assert scripts - {"compare_runs"} == {script_of(rule) for rule in WORKING.values()}


def test_captions_of_the_report_exist():
    files = [REPOSITORY / "Snakefile", *REPOSITORY.glob("rules/*.smk")]
    text = "\n".join(path.read_text() for path in files)
    named = set(re.findall(r'resources/captions/(\w+)\.rst"', text))
    named |= {f"plot_{name}" for name in re.findall(r'figure_output\(\s*"(?:[^"/]+/)*(\w+)"', text)}
    assert named == {path.stem for path in (REPOSITORY / "resources" / "captions").glob("*.rst")}


def test_a_rule_that_is_made_from_a_local_one_says_that_it_is_local():
    """Snakemake does not take this over from the first rule, and would send its jobs to the cluster."""
    text = "\n".join(path.read_text() for path in REPOSITORY.glob("rules/*.smk"))
    made = re.findall(r"^use rule (\w+) as (\w+) with:\n((?:(?:    .*)?\n)*)", text, re.MULTILINE)
    local = {alias: "localrule: True" in body for base, alias, body in made if "localrule" in WORKING[base]}
    assert local and all(local.values()), local
