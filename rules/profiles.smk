# The stage of profiles measures and shows how well models predict the counts at each base.


include: "profiles_functions.smk"


rule score_profiles:
    input:
        store="results/{dataset}/store.h5",
        ensemble=f"{ENSEMBLE}/predictions.h5",
        students=f"{STUDENT}/predictions.h5",
    output:
        scores=f"{STUDENT}/profiles.tsv",
        uncertainty=f"{STUDENT}/profile_uncertainty.tsv",
        examples=f"{STUDENT}/profile_examples.parquet",
    log:
        log_of("score_profiles", PER_STUDENT),
    benchmark:
        benchmark_of("score_profiles", PER_STUDENT)
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=memory(8000, arrays=1, members=1, students=1),
    params:
        ensemble_size=lambda wildcards: student_recipe(wildcards)["ensemble_size"],
        seed=CONFIGURATION.seed,
        code=code_of("score_profiles"),
    message:
        "Score the profiles of the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/score_profiles.py"


rule assess_profiles:
    input:
        store="results/{dataset}/store.h5",
        ensemble=f"{ENSEMBLE}/predictions.h5",
        students=f"{STUDENT}/predictions.h5",
    output:
        intervals=f"{STUDENT}/profile_intervals.tsv",
        curves=f"{STUDENT}/profile_curves.tsv",
    log:
        log_of("assess_profiles", PER_STUDENT),
    benchmark:
        benchmark_of("assess_profiles", PER_STUDENT)
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=memory(8000, arrays=1, members=1, students=1),
    params:
        ensemble_size=lambda wildcards: student_recipe(wildcards)["ensemble_size"],
        levels=CONFIGURATION.assessment["levels"],
        seed=CONFIGURATION.seed,
        code=code_of("assess_profiles"),
    message:
        "Assess the uncertainty of the profiles of the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/assess_profiles.py"


rule plot_profile_accuracy:
    input:
        profile_tables("profiles.tsv"),
    output:
        figure_output("{dataset}/{teacher}/profile_accuracy", "Accuracy", "accuracy of profiles"),
    log:
        log_of("plot_profile_accuracy", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_profile_accuracy", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_of("plot_profile_accuracy"),
    message:
        "Plot how near the profiles of {wildcards.teacher} and its students are to the counts of {wildcards.dataset}"
    script:
        "../scripts/plot_profile_accuracy.py"


rule plot_profile_uncertainty:
    input:
        profile_tables("profile_uncertainty.tsv"),
    output:
        figure_output("{dataset}/{teacher}/profile_uncertainty", "Uncertainty", "uncertainty of profiles"),
    log:
        log_of("plot_profile_uncertainty", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_profile_uncertainty", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_of("plot_profile_uncertainty"),
    message:
        "Plot the uncertainty of the profiles that {wildcards.teacher} and its students predict for {wildcards.dataset}"
    script:
        "../scripts/plot_profile_uncertainty.py"


rule plot_profile_calibration:
    input:
        intervals=profile_tables("profile_intervals.tsv"),
        curves=profile_tables("profile_curves.tsv"),
    output:
        figure_output("{dataset}/{teacher}/profile_calibration", "Uncertainty", "calibration of profiles"),
    log:
        log_of("plot_profile_calibration", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_profile_calibration", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        level=CONFIGURATION.assessment["conditional_level"],
        title=title_of_methods,
        code=code_of("plot_profile_calibration"),
    message:
        "Plot the coverage and the calibration of the profiles that {wildcards.teacher} and its students predict for {wildcards.dataset}"
    script:
        "../scripts/plot_profile_calibration.py"


rule plot_profile_examples:
    input:
        at_highest_fraction(f"{STUDENT}/profile_examples.parquet"),
    output:
        figure_output("{dataset}/{teacher}/{student}/profile_examples", "Accuracy", "profiles of some regions"),
    log:
        log_of("plot_profile_examples", "{dataset}/{teacher}/{student}"),
    benchmark:
        benchmark_of("plot_profile_examples", "{dataset}/{teacher}/{student}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=lambda wildcards: f"{title_of_student(wildcards)}, test split",
        code=code_of("plot_profile_examples"),
    message:
        "Plot the profiles that {wildcards.student} and {wildcards.teacher} predict for some regions of {wildcards.dataset}"
    script:
        "../scripts/plot_profile_examples.py"


OF_PROFILES = ["profile_accuracy", "profile_uncertainty", "profile_calibration"]
RUN_TARGETS += profile_figures("{dataset}/{teacher}/{figure}", figure=OF_PROFILES)
RUN_TARGETS += profile_figures("{dataset}/{teacher}/{student}/profile_examples")
