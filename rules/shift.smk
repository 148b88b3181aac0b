# The shift stage changes the sequences of the test split more and more, lets all models that were trained on the highest
# fraction predict them, and measures how accurate they are and whether their uncertainty knows it.


include: "shift_functions.smk"


wildcard_constraints:
    shift="|".join(LADDERS) or "none",


rule shift_sequences:
    input:
        unpack(truth_files),
        unpack(files_of_ladder),
        store="results/{dataset}/store.h5",
    output:
        "results/{dataset}/shifts/{shift}.h5",
    log:
        log_of("shift_sequences", "{dataset}/{shift}"),
    benchmark:
        benchmark_of("shift_sequences", "{dataset}/{shift}")
    conda:
        "../envs/analysis.yaml"
    params:
        ladder=ladder_settings,
        files=lambda wildcards: list(files_of_ladder(wildcards)),
        truth=truth_settings,
        sources=lambda wildcards: list(truth_files(wildcards)),
        sequences=SHIFT["sequences"],
        seed=CONFIGURATION.seed,
        code=lambda wildcards: code_of("shift_sequences", ("shift", LADDERS[wildcards.shift]["kind"])),
    message:
        "Shift the test sequences of {wildcards.dataset} by {wildcards.shift}"
    script:
        "../scripts/shift_sequences.py"


rule predict_shifts:
    input:
        store="results/{dataset}/store.h5",
        ladders=ladder_files,
        models=member_files("model.keras"),
        descriptions=member_files("model.json"),
        predictions=f"{ENSEMBLE}/predictions.h5",
    output:
        f"{ENSEMBLE}/shifts.h5",
    log:
        log_of("predict_shifts", PER_ENSEMBLE),
    benchmark:
        benchmark_of("predict_shifts", PER_ENSEMBLE)
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
        deterministic=CONFIGURATION.deterministic,
        code=code_of("predict_shifts"),
    message:
        "Predict shifted sequences with the members of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/predict_shifts.py"


use rule predict_shifts as predict_shifts_by_reference with:
    input:
        store="results/{dataset}/store.h5",
        ladders=ladder_files,
        models=reference_files("model.keras"),
        descriptions=reference_files("model.json"),
    output:
        f"{ENSEMBLE}/reference/shifts.h5",
    log:
        log_of("predict_shifts_by_reference", PER_ENSEMBLE),
    benchmark:
        benchmark_of("predict_shifts_by_reference", PER_ENSEMBLE)
    params:
        seeds=lambda wildcards: reference_seeds(wildcards.dataset),
        prediction={},
        deterministic=CONFIGURATION.deterministic,
        code=code_of("predict_shifts"),
    message:
        "Predict shifted sequences with the reference ensemble of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"


use rule predict_shifts as predict_shifts_by_students with:
    input:
        store="results/{dataset}/store.h5",
        ladders=ladder_files,
        models=student_files("model.keras"),
        descriptions=student_files("model.json"),
        predictions=f"{STUDENT}/predictions.h5",
    output:
        f"{STUDENT}/shifts.h5",
    log:
        log_of("predict_shifts_by_students", PER_STUDENT),
    benchmark:
        benchmark_of("predict_shifts_by_students", PER_STUDENT)
    params:
        seeds=lambda wildcards: student_seeds(wildcards.dataset),
        prediction={},
        deterministic=CONFIGURATION.deterministic,
        code=code_of("predict_shifts"),
    message:
        "Predict shifted sequences with the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"


rule assess_shifts:
    input:
        store="results/{dataset}/store.h5",
        ladders=ladder_files,
        predictions=f"{ENSEMBLE}/predictions.h5",
        shifts=f"{ENSEMBLE}/shifts.h5",
        own=own_ensemble_of_shifts,
        reference=reference_of_shifts,
    output:
        **shift_tables(ENSEMBLE),
    log:
        log_of("assess_shifts", PER_ENSEMBLE),
    benchmark:
        benchmark_of("assess_shifts", PER_ENSEMBLE)
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
    params:
        settings=shift_settings,
        family=lambda wildcards: loss_declaration(teacher_recipe(wildcards)["loss"]["name"]).family,
        model="member",
        seed=CONFIGURATION.seed,
        code=code_of("assess_shifts", *SHIFT_PLUGINS),
    message:
        "Assess {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}, on shifted sequences"
    script:
        "../scripts/assess_shifts.py"


use rule assess_shifts as assess_shifts_of_students with:
    input:
        store="results/{dataset}/store.h5",
        ladders=ladder_files,
        predictions=f"{STUDENT}/predictions.h5",
        shifts=f"{STUDENT}/shifts.h5",
        own=own_ensemble_of_shifts,
        reference=reference_of_shifts,
    output:
        **shift_tables(STUDENT),
        comparisons=f"{STUDENT}/shifts/comparisons.tsv",
    log:
        log_of("assess_shifts_of_students", PER_STUDENT),
    benchmark:
        benchmark_of("assess_shifts_of_students", PER_STUDENT)
    params:
        settings=shift_settings,
        family="normal",
        model="student",
        seed=CONFIGURATION.seed,
        code=code_of("assess_shifts", *SHIFT_PLUGINS),
    message:
        "Assess the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}, on shifted sequences"


rule assess_kmer_ridge:
    input:
        store="results/{dataset}/store.h5",
        ladders=ladder_files,
        own=own_ensemble_of_shifts,
        reference=reference_of_shifts,
    output:
        **shift_tables(ENSEMBLE, "kmer_ridge"),
    log:
        log_of("assess_kmer_ridge", PER_ENSEMBLE),
    benchmark:
        benchmark_of("assess_kmer_ridge", PER_ENSEMBLE)
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
    params:
        settings=shift_settings,
        seed=CONFIGURATION.seed,
        code=code_of("assess_kmer_ridge", *SHIFT_PLUGINS),
    message:
        "Assess ridge regression on k-mers, trained on fraction {wildcards.fraction} of {wildcards.dataset}, on shifted sequences"
    script:
        "../scripts/assess_kmer_ridge.py"


rule summarize_shifts:
    input:
        scores=shift_assessments("scores.tsv", baselines=True),
        intervals=shift_assessments("intervals.tsv", baselines=True),
        comparisons=shift_comparisons,
    output:
        table="results/{dataset}/{teacher}/shifts.tsv",
        claims="results/{dataset}/{teacher}/shift_claims.tsv",
        page=report(
            "results/{dataset}/{teacher}/shifts.html",
            caption="../resources/captions/summarize_shifts.rst",
            category="{dataset}",
            subcategory="Shift",
            labels=report_labels("{dataset}/{teacher}", "table of shifts, and claims of the paper"),
        ),
    log:
        log_of("summarize_shifts", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("summarize_shifts", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        title=title_of_methods,
        code=code_of("summarize_shifts"),
    message:
        "Summarise {wildcards.teacher} and its students on shifted sequences of {wildcards.dataset}"
    script:
        "../scripts/summarize_shifts.py"


rule plot_shift_ladder:
    input:
        store="results/{dataset}/store.h5",
        scores=shift_assessments("scores.tsv"),
    output:
        figure_output("{dataset}/{teacher}/shift_ladder", "Shift", "ladder of shifts"),
    log:
        log_of("plot_shift_ladder", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_shift_ladder", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        words=WORDS_OF_LEVELS,
        units=units_of,
        title=title_of_methods,
        code=code_of("plot_shift_ladder"),
    message:
        "Plot {wildcards.teacher} and its students on the ladder of shifts of {wildcards.dataset}"
    script:
        "../scripts/plot_shift_ladder.py"


use rule plot_shift_ladder as plot_design_ladder with:
    output:
        figure_output("{dataset}/{teacher}/design_ladder", "Design", "models on designed sequences"),
    log:
        log_of("plot_design_ladder", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_design_ladder", "{dataset}/{teacher}")
    localrule: True
    params:
        words=WORDS_OF_STEPS,
        units=units_of,
        title=title_of_methods,
        code=code_of("plot_shift_ladder"),
    message:
        "Plot {wildcards.teacher} and its students on designs of {wildcards.dataset}"


rule plot_published_shifts:
    input:
        store="results/{dataset}/store.h5",
        scores=shift_assessments("scores.tsv"),
        predictions=shift_assessments("predictions.tsv"),
    output:
        figure_output("{dataset}/{teacher}/published_shifts", "Shift", "the paper's three shifts"),
    log:
        log_of("plot_published_shifts", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_published_shifts", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        shift=PUBLISHED_SHIFT,
        units=units_of,
        title=title_of_methods,
        code=code_of("plot_published_shifts"),
    message:
        "Plot {wildcards.teacher} and its students under the paper's three shifts of {wildcards.dataset}"
    script:
        "../scripts/plot_published_shifts.py"


RUN_TARGETS += [
    path for dataset in SHIFTED_DATASETS for path in expand_study("results/{dataset}/{teacher}/shifts.tsv", dataset)
]
RUN_TARGETS += figure_files("{dataset}/{teacher}/shift_ladder", LADDER_DATASETS)
RUN_TARGETS += figure_files("{dataset}/{teacher}/design_ladder", DESIGNED_DATASETS)
if PUBLISHED_SHIFT:
    RUN_TARGETS += figure_files("{dataset}/{teacher}/published_shifts", LADDER_DATASETS)
add_claims("shift", "results/{dataset}/{teacher}/shift_claims.tsv", SHIFTED_DATASETS)
