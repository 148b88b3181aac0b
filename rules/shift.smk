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


# A figure of each teacher needs the tables of its ensemble and of its students.
RUN_TARGETS += [
    path
    for dataset in SHIFTED_DATASETS
    for path in expand_study(f"{STUDENT}/shifts/scores.tsv", dataset, fraction=highest_fraction(dataset))
]
