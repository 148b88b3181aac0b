# The attribution stage explains the predictions of models that were trained on the highest fraction.


include: "attribute_functions.smk"


rule choose_explained_sequences:
    input:
        store="results/{dataset}/store.h5",
    output:
        "results/{dataset}/explained.h5",
    log:
        log_of("choose_explained_sequences", "{dataset}"),
    benchmark:
        benchmark_of("choose_explained_sequences", "{dataset}")
    conda:
        "../envs/analysis.yaml"
    params:
        sequences=CONFIGURATION.attribution["sequences"],
        background=CONFIGURATION.attribution["background"],
        seed=CONFIGURATION.seed,
        code=code_of("choose_explained_sequences", ("background", CONFIGURATION.attribution["background"]["method"])),
    message:
        "Choose which sequences of {wildcards.dataset} are explained, and their backgrounds"
    script:
        "../scripts/choose_explained_sequences.py"


rule attribute_members:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        models=member_files("model.keras"),
        descriptions=member_files("model.json"),
    output:
        f"{ENSEMBLE}/attributions.h5",
    log:
        log_of("attribute_members", PER_ENSEMBLE),
    benchmark:
        benchmark_of("attribute_members", PER_ENSEMBLE)
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime="6h",
    params:
        seeds=lambda wildcards: member_seeds(wildcards.dataset, wildcards.teacher),
        methods=attribution_methods,
        heads=CONFIGURATION.attribution["heads"],
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("attribute_members", *attribution_plugins(wildcards)),
    message:
        "Explain the predictions of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/attribute_members.py"


use rule attribute_members as attribute_reference with:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        models=reference_files("model.keras"),
        descriptions=reference_files("model.json"),
    output:
        f"{ENSEMBLE}/reference/attributions.h5",
    log:
        log_of("attribute_reference", PER_ENSEMBLE),
    benchmark:
        benchmark_of("attribute_reference", PER_ENSEMBLE)
    params:
        seeds=lambda wildcards: reference_seeds(wildcards.dataset),
        methods=attribution_methods,
        heads=CONFIGURATION.attribution["heads"],
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("attribute_members", *attribution_plugins(wildcards)),
    message:
        "Explain the predictions of the reference ensemble of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"


use rule attribute_members as attribute_students with:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        models=student_files("model.keras"),
        descriptions=student_files("model.json"),
    output:
        f"{STUDENT}/attributions.h5",
    log:
        log_of("attribute_students", PER_STUDENT),
    benchmark:
        benchmark_of("attribute_students", PER_STUDENT)
    params:
        seeds=lambda wildcards: student_seeds(wildcards.dataset),
        methods=attribution_methods,
        heads=CONFIGURATION.attribution["heads"],
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("attribute_members", *attribution_plugins(wildcards)),
    message:
        "Explain the predictions of the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"


rule compare_attributions:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        members=f"{ENSEMBLE}/attributions.h5",
        reference=f"{ENSEMBLE}/reference/attributions.h5",
        students=f"{STUDENT}/attributions.h5",
    output:
        models=f"{STUDENT}/attribution/models.tsv",
        sequences=f"{STUDENT}/attribution/sequences.parquet",
        tests=f"{STUDENT}/attribution/tests.tsv",
    log:
        log_of("compare_attributions", PER_STUDENT),
    benchmark:
        benchmark_of("compare_attributions", PER_STUDENT)
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        gradient_correction=CONFIGURATION.attribution["gradient_correction"],
        code=code_of("compare_attributions"),
    message:
        "Compare the attribution maps of {wildcards.student} and {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/compare_attributions.py"


rule score_attributions:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        members=f"{ENSEMBLE}/attributions.h5",
        reference=f"{ENSEMBLE}/reference/attributions.h5",
        students=f"{STUDENT}/attributions.h5",
    output:
        f"{STUDENT}/attribution/truth.tsv",
    log:
        log_of("score_attributions", PER_STUDENT),
    benchmark:
        benchmark_of("score_attributions", PER_STUDENT)
    conda:
        "../envs/analysis.yaml"
    params:
        gradient_correction=CONFIGURATION.attribution["gradient_correction"],
        code=code_of("score_attributions"),
    message:
        "Score the attribution maps of {wildcards.student} and {wildcards.teacher} on {wildcards.dataset} against the planted motifs"
    script:
        "../scripts/score_attributions.py"
