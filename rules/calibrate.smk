# The calibration stage assesses how far the uncertainties of models can be trusted, and fits conformal intervals. It
# uses the models that were trained on the highest fraction.


include: "calibrate_functions.smk"


rule assess_ensemble:
    input:
        store="results/{dataset}/store.h5",
        predictions=f"{ENSEMBLE}/predictions.h5",
    output:
        **assessment_tables(ENSEMBLE),
    log:
        log_of("assess_ensemble", PER_ENSEMBLE),
    benchmark:
        benchmark_of("assess_ensemble", PER_ENSEMBLE)
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        settings=CONFIGURATION.assessment,
        family=lambda wildcards: loss_declaration(teacher_recipe(wildcards)["loss"]["name"]).family,
        resampling=resampling,
        seed=CONFIGURATION.seed,
        code=code_of("assess_ensemble", *ASSESSMENT_PLUGINS),
    message:
        "Assess the uncertainty of the ensemble {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/assess_ensemble.py"


rule assess_students:
    input:
        store="results/{dataset}/store.h5",
        predictions=f"{STUDENT}/predictions.h5",
    output:
        **assessment_tables(STUDENT),
    log:
        log_of("assess_students", PER_STUDENT),
    benchmark:
        benchmark_of("assess_students", PER_STUDENT)
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        settings=CONFIGURATION.assessment,
        family="normal",
        resampling={},
        seed=CONFIGURATION.seed,
        code=code_of("assess_students", *ASSESSMENT_PLUGINS),
    message:
        "Assess the uncertainty of the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/assess_students.py"


rule summarize_uncertainty:
    input:
        scores=assessments("scores.tsv"),
        conformal=assessments("conformal.tsv"),
        performance="results/{dataset}/performance.tsv",
        differences=differences_of_students,
    output:
        table="results/{dataset}/{teacher}/uncertainty.tsv",
        claims="results/{dataset}/{teacher}/claims.tsv",
        page=report(
            "results/{dataset}/{teacher}/uncertainty.html",
            caption="../resources/captions/summarize_uncertainty.rst",
            category="{dataset}",
            subcategory="Uncertainty",
            labels=report_labels("{dataset}/{teacher}", "table of methods, and claims of the paper"),
        ),
    log:
        log_of("summarize_uncertainty", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("summarize_uncertainty", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        passes=forward_passes,
        level=CONFIGURATION.assessment["conditional_level"],
        title=title_of_methods,
        code=code_of("summarize_uncertainty"),
    message:
        "Summarise the uncertainties of {wildcards.teacher}, its baselines and its students on {wildcards.dataset}"
    script:
        "../scripts/summarize_uncertainty.py"


rule summarize_run:
    input:
        summary="results/summary.tsv",
        scores=scores_of_students(),
    output:
        table="results/headlines.tsv",
        text="results/headlines.txt",
        page=report(
            "results/headlines.html",
            caption="../resources/captions/summarize_run.rst",
            category="Summary",
            labels={"result": "headlines: what students inherit of their ensembles"},
        ),
    log:
        log_of("summarize_run"),
    benchmark:
        benchmark_of("summarize_run")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_of("summarize_run"),
    message:
        "Tell what the students of the run inherit of their ensembles"
    script:
        "../scripts/summarize_run.py"


rule plot_headlines:
    input:
        scores=expand("results/{dataset}/performance.tsv", dataset=DATASETS),
        coverage=scores_of_students(),
    output:
        "figures/headlines.pdf",
        report(
            "figures/headlines.png",
            caption="../resources/captions/plot_headlines.rst",
            category="Summary",
            labels={"result": "what students inherit of their ensembles"},
        ),
    log:
        log_of("plot_headlines"),
    benchmark:
        benchmark_of("plot_headlines")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        titles={dataset: title_of_dataset(dataset) for dataset in DATASETS},
        title="What students inherit of their ensembles",
        code=code_of("plot_headlines"),
    message:
        "Plot what the students of the run inherit of their ensembles"
    script:
        "../scripts/plot_headlines.py"


rule sweep_ensemble_size:
    input:
        store="results/{dataset}/store.h5",
        ensemble=at_highest_fraction(f"{ENSEMBLE}/predictions.h5"),
        students=students_by_size,
    output:
        "results/{dataset}/{teacher}/ensemble_sizes.tsv",
    log:
        log_of("sweep_ensemble_size", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("sweep_ensemble_size", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        sizes=sizes_of_students,
        family=lambda wildcards: loss_declaration(teacher_recipe(wildcards)["loss"]["name"]).family,
        code=code_of("sweep_ensemble_size", *(("metric", name) for name in ("coverage", "miscalibration_area", "crps"))),
    message:
        "Score {wildcards.teacher} and its students by the number of members, on {wildcards.dataset}"
    script:
        "../scripts/sweep_ensemble_size.py"


rule plot_ensemble_size:
    input:
        store="results/{dataset}/store.h5",
        scores="results/{dataset}/{teacher}/ensemble_sizes.tsv",
    output:
        figure_output("{dataset}/{teacher}/ensemble_size", "Uncertainty", "size of the ensemble"),
    log:
        log_of("plot_ensemble_size", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_ensemble_size", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        units=units_of,
        title=title_of_methods,
        code=code_of("plot_ensemble_size"),
    message:
        "Plot {wildcards.teacher} and its students by the number of members, on {wildcards.dataset}"
    script:
        "../scripts/plot_ensemble_size.py"


RUN_TARGETS += ["results/headlines.tsv"]
if STUDENTS:
    RUN_TARGETS += ["figures/headlines.pdf", "figures/headlines.png"]
# The figure is part of a run whose students are distilled from several numbers of members.
RUN_TARGETS += figure_files(
    "{dataset}/{teacher}/ensemble_size",
    [
        dataset
        for dataset in MEASURED_DATASETS
        if any(parse_student_name(name).members for name in CONFIGURATION.study(dataset)["students"])
    ],
)
RUN_TARGETS += [
    path
    for dataset in MEASURED_DATASETS
    for path in expand_study("results/{dataset}/{teacher}/uncertainty.tsv", dataset)
]
add_claims("uncertainty", "results/{dataset}/{teacher}/claims.tsv", MEASURED_DATASETS)
