# DEGU: this workflow leads from published data to every figure. `snakemake` runs config/config.yaml; see README.md.
from snakemake.utils import min_version

min_version("9.20")


configfile: f"{workflow.basedir}/config/config.yaml"


report: "resources/captions/workflow.rst"


include: "rules/common.smk"
include: "rules/reporting.smk"
include: "rules/data.smk"
include: "rules/ensemble.smk"
include: "rules/distill.smk"
include: "rules/evaluate.smk"
include: "rules/profiles.smk"
include: "rules/calibrate.smk"
include: "rules/uncertainty_figures.smk"
include: "rules/design.smk"
include: "rules/shift.smk"
include: "rules/transfer.smk"
include: "rules/active_learning.smk"
include: "rules/package.smk"
include: "rules/variants.smk"
include: "rules/attribute.smk"
include: "rules/attribution_figures.smk"
include: "rules/motifs.smk"
include: "rules/claims.smk"


if max(CONFIGURATION.members_per_job, CONFIGURATION.students_per_job) > 1:

    include: "rules/packs.smk"


include: "rules/provenance.smk"
include: "rules/progress_functions.smk"


localrules:
    all,


HEADLINES = Path("results/headlines.txt")
# The first page of the report shows them; jobs, which read this file too, do not need them.
if workflow.is_main_process:
    config["headlines"] = HEADLINES.read_text().splitlines() if HEADLINES.is_file() else []


onstart:
    begin_trainings()


onsuccess:
    # A run of other targets alone has not brought the headlines up to date.
    if HEADLINES.is_file() and (not workflow.dag_settings.targets or "all" in workflow.dag_settings.targets):
        print("", HEADLINES.read_text(), sep="\n")


# The targets are those that the stages above have added.
rule all:
    default_target: True
    input:
        RUN_TARGETS,
