# The transfer stage lets the models of a data set predict the sequences of another one, whose measurements are the truth.


include: "transfer_functions.smk"


wildcard_constraints:
    transfer="|".join(TRANSFERS) or "none",


rule predict_transfer:
    input:
        store="results/{dataset}/store.h5",
        other=other_store,
        models=member_files("model.keras"),
        descriptions=member_files("model.json"),
        predictions=f"{ENSEMBLE}/predictions.h5",
    output:
        f"{ENSEMBLE}/transfers/{{transfer}}.h5",
    log:
        log_of("predict_transfer", PER_ENSEMBLE, "{transfer}"),
    benchmark:
        benchmark_of("predict_transfer", PER_ENSEMBLE, "{transfer}")
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime="1h",
    params:
        seeds=lambda wildcards: member_seeds(wildcards.dataset, wildcards.teacher),
        prediction=member_prediction,
        targets=lambda wildcards: TRANSFERS[wildcards.transfer]["targets"],
        deterministic=CONFIGURATION.deterministic,
        code=code_of("predict_transfer"),
    message:
        "Predict the sequences of {wildcards.transfer} with the members of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/predict_transfer.py"


use rule predict_transfer as predict_transfer_by_students with:
    input:
        store="results/{dataset}/store.h5",
        other=other_store,
        models=student_files("model.keras"),
        descriptions=student_files("model.json"),
        predictions=f"{STUDENT}/predictions.h5",
    output:
        f"{STUDENT}/transfers/{{transfer}}.h5",
    log:
        log_of("predict_transfer_by_students", PER_STUDENT, "{transfer}"),
    benchmark:
        benchmark_of("predict_transfer_by_students", PER_STUDENT, "{transfer}")
    params:
        seeds=lambda wildcards: student_seeds(wildcards.dataset),
        prediction={},
        targets=lambda wildcards: TRANSFERS[wildcards.transfer]["targets"],
        deterministic=CONFIGURATION.deterministic,
        code=code_of("predict_transfer"),
    message:
        "Predict the sequences of {wildcards.transfer} with the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"


rule assess_transfer:
    input:
        store="results/{dataset}/store.h5",
        other=other_store,
        predictions=f"{ENSEMBLE}/predictions.h5",
        transferred=f"{ENSEMBLE}/transfers/{{transfer}}.h5",
    output:
        **transfer_tables(ENSEMBLE),
    log:
        log_of("assess_transfer", PER_ENSEMBLE, "{transfer}"),
    benchmark:
        benchmark_of("assess_transfer", PER_ENSEMBLE, "{transfer}")
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
    params:
        settings=shift_settings,
        targets=lambda wildcards: TRANSFERS[wildcards.transfer]["targets"],
        family=lambda wildcards: loss_declaration(teacher_recipe(wildcards)["loss"]["name"]).family,
        model="member",
        seed=CONFIGURATION.seed,
        code=code_of("assess_transfer", *SHIFT_PLUGINS),
    message:
        "Assess {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}, on the sequences of {wildcards.transfer}"
    script:
        "../scripts/assess_transfer.py"


use rule assess_transfer as assess_transfer_of_students with:
    input:
        store="results/{dataset}/store.h5",
        other=other_store,
        predictions=f"{STUDENT}/predictions.h5",
        transferred=f"{STUDENT}/transfers/{{transfer}}.h5",
    output:
        **transfer_tables(STUDENT),
    log:
        log_of("assess_transfer_of_students", PER_STUDENT, "{transfer}"),
    benchmark:
        benchmark_of("assess_transfer_of_students", PER_STUDENT, "{transfer}")
    params:
        settings=shift_settings,
        targets=lambda wildcards: TRANSFERS[wildcards.transfer]["targets"],
        family="normal",
        model="student",
        seed=CONFIGURATION.seed,
        code=code_of("assess_transfer", *SHIFT_PLUGINS),
    message:
        "Assess the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}, on the sequences of {wildcards.transfer}"


rule summarize_transfers:
    input:
        scores=transfer_assessments("scores.tsv"),
        intervals=transfer_assessments("intervals.tsv"),
        ratios=transfer_assessments("ratios.tsv"),
    output:
        table="results/{dataset}/{teacher}/transfers.tsv",
        verdicts="results/{dataset}/{teacher}/transfer_verdicts.tsv",
        claims="results/{dataset}/{teacher}/transfer_claims.tsv",
        page=report(
            "results/{dataset}/{teacher}/transfers.html",
            caption="../resources/captions/summarize_transfers.rst",
            category="{dataset}",
            subcategory="Shift",
            labels=report_labels("{dataset}/{teacher}", "table of measured shifts"),
        ),
    log:
        log_of("summarize_transfers", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("summarize_transfers", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        titles=transfer_titles(),
        title=title_of_methods,
        code=code_of("summarize_transfers"),
    message:
        "Summarise {wildcards.teacher} and its students of {wildcards.dataset} on the sequences of other data sets"
    script:
        "../scripts/summarize_transfers.py"


rule plot_measured_shifts:
    input:
        store="results/{dataset}/store.h5",
        scores=transfer_assessments("scores.tsv"),
        intervals=transfer_assessments("intervals.tsv"),
    output:
        figure_output("{dataset}/{teacher}/measured_shifts", "Shift", "measured shifts"),
    log:
        log_of("plot_measured_shifts", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_measured_shifts", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        titles=transfer_titles(),
        units=units_of,
        title=title_of_methods,
        code=code_of("plot_measured_shifts"),
    message:
        "Plot {wildcards.teacher} and its students of {wildcards.dataset} on the sequences of other data sets"
    script:
        "../scripts/plot_measured_shifts.py"


RUN_TARGETS += [
    path
    for dataset in TRANSFERRED_DATASETS
    for path in expand_study("results/{dataset}/{teacher}/transfers.tsv", dataset)
]
RUN_TARGETS += figure_files("{dataset}/{teacher}/measured_shifts", TRANSFERRED_DATASETS)
add_claims("measured shift", "results/{dataset}/{teacher}/transfer_claims.tsv", TRANSFERRED_DATASETS)
