# This file holds what the stages share: the checked configuration, what its studies run, and the paths, recipes and
# digests that follow from it. The rules of a stage stand in STAGE.smk. Its functions stand beside it in
# STAGE_functions.smk, which STAGE.smk includes, because `snakemake --lint` wants no functions in a file with rules.
# Later stages may call them, too.
import gc
import os
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path

# Planning makes millions of objects that all stay. Garbage collection at Python's usual pace took a sixth of its time.
gc.set_threshold(50_000)

BASE = Path(workflow.basedir)
sys.path.insert(0, str(BASE / "scripts"))

from degu.provenance.code import code_digest
from degu.provenance.digests import content_digest
from degu.config.check_augmentation import files_of
from degu.config.configuration import Configuration
from degu.config.declarations import loss_declaration
from degu.config.counted_windows import counted_windows
from degu.config.dotted_keys import lay_dotted_keys_over
from degu.config.paths import check_braces
from degu.config.recipes import baseline_names
from degu.config.schemas import read_yaml
from degu.config.student_names import NO_POOL, parse_student_name
from degu.data.reading import check_sources, is_checked_when_planned
from degu.data.store import read_size
from degu.errors import DeguError
from degu.figures import looks
from degu.training.expected import Size, announcement
from degu.training.planned import PLAN, Plan, PlannedJob, write_plan
from degu.config.plugins import constant, default_options, module_name
from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

try:
    # Snakemake would stop with a traceback as it formats the paths of scripts and environments.
    check_braces(str(BASE), where="the folder of the workflow", remedy="rename the folder")
    # Snakemake itself keeps the last of several values of one key.
    for path in workflow.configfiles:
        read_yaml(Path(path))
    CONFIGURATION = Configuration(lay_dotted_keys_over(config), [Path("config"), BASE / "config"])
except DeguError as error:
    raise WorkflowError(str(error))

DATASETS = list(CONFIGURATION.datasets)
# With the data sets whose sequences models of others predict.
IMPORTED = list(CONFIGURATION.imported)
# Without this check, Snakemake would show a traceback.
for folder in (
    *("results", "figures", "logs", "benchmarks"),
    *(f"{top}/{dataset}" for top in ("results", "figures") for dataset in IMPORTED),
    # A rule, its script and the folder of its logs share a name.
    *(f"logs/{script.stem}" for script in (BASE / "scripts").glob("*.py")),
):
    if os.path.lexists(folder) and not Path(folder).is_dir():
        raise WorkflowError(
            f"{folder}: there is a file, or a link to nothing, where a folder of results is to be made\n"
            "  remedy:   move it away"
        )

# Models of labels of 0 and 1 predict log odds, which cannot be compared with the labels point by point.
MEASURED_DATASETS = [dataset for dataset in DATASETS if not CONFIGURATION.datasets[dataset]["labels"]]
STUDENTS = sorted({name for dataset in DATASETS for name in CONFIGURATION.study(dataset)["students"]})
# The pools that students are trained on, by name.
POOLS = {pool["name"]: pool for pool in CONFIGURATION.pools()}

# The files that a run ends with, and its tables of claims with their labels. Each stage adds its own.
RUN_TARGETS = []
CLAIMS = []


def importer_of(dataset):
    """Return the name of the importer that reads a data set."""
    return CONFIGURATION.imported[dataset]["importer"]


def has_truth(dataset):
    """Return whether a data set's importer declares that it knows the true mean and noise of every sequence."""
    return constant("importer", importer_of(dataset), "TRUTH", False)


def has_counts(dataset):
    """Return whether a data set's importer declares that it makes counts at each base."""
    return constant("importer", importer_of(dataset), "COUNTS", False)


# The data sets with counts at each base.
COUNTED_DATASETS = [dataset for dataset in DATASETS if has_counts(dataset)]


@cache
def windows_of(dataset):
    """Return the size of the windows of a data set; None if it has no counts at each base."""
    return counted_windows(CONFIGURATION.imported[dataset])


def memory(base, *, arrays=0, members=0, students=0):
    """Return a function for the memory that a rule asks for, in MB, which grows with each try.

    Counts at each base take more than the `base`. The other numbers tell how often a job holds them and their bases in
    memory, and the profiles that all members and all students predict.
    """

    def megabytes(wildcards, attempt):
        windows = windows_of(wildcards.dataset)
        if windows is None:
            return attempt * base
        study = CONFIGURATION.study(wildcards.dataset)
        predictions = members * study["members"] + students * study["student_seeds"]
        return attempt * round(base + arrays * windows.megabytes + predictions * windows.predicted_megabytes)

    return megabytes


def has_planted_motifs(dataset):
    """Return whether a data set's importer declares that it knows where motifs were planted."""
    return constant("importer", importer_of(dataset), "PLANTED", False)


def ensembles(dataset):
    """Return the teachers of a data set's study, then its baselines, which are named TEACHER-BASELINE."""
    study = CONFIGURATION.study(dataset)
    baselines = [name for teacher in study["teachers"] for name in baseline_names(teacher, study["baselines"])]
    return list(dict.fromkeys([*study["teachers"], *baselines]))


def bias_networks(dataset):
    """Return the teachers whose members are the bias networks of a data set's ensembles."""
    named = [CONFIGURATION.teacher(name)["bias"] for name in ensembles(dataset)]
    return list(dict.fromkeys(name for name in named if name))


def pattern_of_ensembles():
    """Return a regular expression of the names of all ensembles; it is short, since every path of a job holds it."""
    baselines = {}
    for name in sorted({name for dataset in DATASETS for name in ensembles(dataset) + bias_networks(dataset)}):
        teacher, dash, baseline = name.partition("-")
        baselines.setdefault(teacher, []).append(dash + baseline)
    teachers = {}
    for teacher, names in baselines.items():
        teachers.setdefault("|".join(names), []).append(teacher)
    return "|".join(f"({'|'.join(teachers[names])})({names})" for names in teachers)


wildcard_constraints:
    dataset="|".join(IMPORTED),
    teacher=pattern_of_ensembles(),
    student="|".join(STUDENTS) or "none",
    fraction=r"[0-9.]+",
    seed=r"[0-9]+",
    pack=r"[0-9]+-[0-9]+",
    source="[A-Za-z0-9_]+",
    pool="|".join(POOLS) or "none",


# The wildcards that tell ensembles apart, and those that tell the students of an ensemble apart.
PER_ENSEMBLE = "{dataset}/{teacher}/fraction-{fraction}"
PER_STUDENT = f"{PER_ENSEMBLE}/{{student}}"
# Active learning shows the labels of the training split one after the other, so that it has no fractions.
PER_LEARNER = "{dataset}/{teacher}/active_learning/{student}"
# The folders of their results.
ENSEMBLE = f"results/{PER_ENSEMBLE}"
STUDENT = f"{ENSEMBLE}/students/{{student}}"


def log_of(name, *parts):
    """Return the path of the log of each job of a rule; the parts hold the wildcards that tell its jobs apart."""
    return f"{Path('logs', name, *parts)}.log"


def benchmark_of(name, *parts):
    """Return the path of the benchmark of each job of a rule, as `log_of` returns that of its log."""
    return f"{Path('benchmarks', 'jobs', name, *parts)}.tsv"


def code_of(script, *plugins):
    """Return a digest of the code of a script and of the plugins, each a kind and a name, that it loads."""
    return code_digest(script, *(module_name(kind, name) for kind, name in plugins))


def in_digits(number):
    """Return a number as text with all of its digits and no exponent, so that no two numbers have the same text."""
    digits = f"{Decimal(repr(number)):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def fractions(dataset):
    """Return the training fractions of a data set's study, as they are written in paths."""
    return [in_digits(fraction) for fraction in CONFIGURATION.study(dataset)["fractions"]]


def highest_fraction(dataset):
    """Return the highest training fraction of a data set's study, as it is written in paths."""
    return in_digits(max(CONFIGURATION.study(dataset)["fractions"]))


def at_highest_fraction(pattern):
    """Return an input function for a path at the highest training fraction."""
    return lambda wildcards: expand(pattern, fraction=highest_fraction(wildcards.dataset), allow_missing=True)[0]


def trained_as(dataset, teacher):
    """Return the ensemble whose members an ensemble uses: the first one whose members are trained in the same way.

    A baseline that changes only how its teacher predicts trains no members of its own. Nor does a baseline that turns
    two teachers into the same recipe train them twice.
    """
    training = CONFIGURATION.training(teacher)
    # A bias network may be no ensemble of the study.
    return next((name for name in ensembles(dataset) if CONFIGURATION.training(name) == training), teacher)


def member_seeds(dataset, teacher):
    """Return the seeds of the members of an ensemble; a bias network that is no ensemble of the study has one."""
    study = CONFIGURATION.study(dataset)
    if teacher not in study["teachers"] and teacher not in ensembles(dataset):
        return [1]
    members = study["members"] if teacher in study["teachers"] else study["baseline_members"] or study["members"]
    trained = trained_as(dataset, teacher)
    return member_seeds(dataset, trained)[:members] if trained != teacher else list(range(1, members + 1))


def student_seeds(dataset):
    """Return the seeds of the students of every ensemble."""
    return list(range(1, CONFIGURATION.study(dataset)["student_seeds"] + 1))


def expand_study(pattern, dataset, **chosen):
    """Fill a path pattern with all that a data set's study runs; `chosen` gives other values of some wildcards."""
    study = CONFIGURATION.study(dataset)
    values = {
        "dataset": dataset,
        "teacher": study["teachers"],
        "student": study["students"],
        "fraction": fractions(dataset),
    }
    return expand(pattern, **{**values, **chosen})


def add_claims(topic, pattern, datasets, **further):
    """Add the tables of claims of a stage, one for each teacher and, if its path has one, each student of a study.

    `further` gives the values of other wildcards, which label the claims, too.
    """
    for dataset in datasets:
        study = CONFIGURATION.study(dataset)
        for teacher in study["teachers"]:
            for student in study["students"] if "{student}" in pattern else [None]:
                labels = {"dataset": dataset, "teacher": teacher, "topic": topic, **further}
                labels |= {"student": student} if student else {}
                CLAIMS.append((labels, pattern.format(**labels)))


def teacher_recipe(wildcards):
    """Return the recipe of a teacher or baseline."""
    return CONFIGURATION.teacher(wildcards.teacher)


def training_recipe(wildcards):
    """Return what the training of an ensemble's members depends on."""
    return CONFIGURATION.training(wildcards.teacher)


def student_recipe(wildcards):
    """Return the recipe of a student."""
    return CONFIGURATION.student(wildcards.teacher, wildcards.student)


def recipe_plugins(recipe):
    """Return the plugins that a recipe names, for `code_of`."""
    plugins = [("model", recipe["model"]["name"]), ("loss", recipe["loss"]["name"])]
    return plugins + augmentation_plugins(recipe["augmentation"])


def pool_plugins(pool):
    """Return the plugins that a pool names, for `code_of`."""
    return [("pool source", pool["source"]["name"]), *augmentation_plugins(pool["augmentation"])]


def augmentation_plugins(settings):
    """Return the plugins of a set of augmentations, for `code_of`; None stands for no set."""
    return [("augmentation", entry["name"]) for entry in (settings or {}).get("augmentations", ())]
