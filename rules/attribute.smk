# Attribution maps, of the models trained on the highest fraction.


rule choose_explained_sequences:
    input:
        store="results/{dataset}/store.h5",
    output:
        "results/{dataset}/explained.h5",
    log:
        "logs/choose_explained_sequences/{dataset}.log",
    benchmark:
        "benchmarks/jobs/choose_explained_sequences/{dataset}.tsv"
    conda:
        "../envs/analysis.yaml"
    params:
        sequences=CONFIGURATION.attribution["sequences"],
        background=CONFIGURATION.attribution["background"],
        seed=CONFIGURATION.seed,
        code=code_digest(
            "choose_explained_sequences", module_name("background", CONFIGURATION.attribution["background"]["method"])
        ),
    message:
        "Choosing the sequences of {wildcards.dataset} to explain"
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
        "logs/attribute_members/{dataset}/{teacher}/fraction-{fraction}.log",
    benchmark:
        "benchmarks/jobs/attribute_members/{dataset}/{teacher}/fraction-{fraction}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime="6h",
    params:
        seeds=lambda wildcards: member_seeds(wildcards.dataset, wildcards.teacher),
        methods=CONFIGURATION.attribution["methods"],
        heads=CONFIGURATION.attribution["heads"],
        deterministic=CONFIGURATION.deterministic,
        code=attribution_code("attribute_members"),
    message:
        "Explaining {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
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
        "logs/attribute_reference/{dataset}/{teacher}/fraction-{fraction}.log",
    benchmark:
        "benchmarks/jobs/attribute_reference/{dataset}/{teacher}/fraction-{fraction}.tsv"
    params:
        seeds=lambda wildcards: reference_seeds(wildcards.dataset),
        methods=CONFIGURATION.attribution["methods"],
        heads=CONFIGURATION.attribution["heads"],
        deterministic=CONFIGURATION.deterministic,
        code=attribution_code("attribute_members"),
    message:
        "Explaining the reference ensemble of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"


use rule attribute_members as attribute_students with:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        models=student_files("model.keras"),
        descriptions=student_files("model.json"),
    output:
        f"{STUDENT}/attributions.h5",
    log:
        "logs/attribute_students/{dataset}/{teacher}/fraction-{fraction}/{student}.log",
    benchmark:
        "benchmarks/jobs/attribute_students/{dataset}/{teacher}/fraction-{fraction}/{student}.tsv"
    params:
        seeds=lambda wildcards: student_seeds(wildcards.dataset),
        methods=CONFIGURATION.attribution["methods"],
        heads=CONFIGURATION.attribution["heads"],
        deterministic=CONFIGURATION.deterministic,
        code=attribution_code("attribute_members"),
    message:
        "Explaining {wildcards.student} of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"


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
        "logs/compare_attributions/{dataset}/{teacher}/fraction-{fraction}/{student}.log",
    benchmark:
        "benchmarks/jobs/compare_attributions/{dataset}/{teacher}/fraction-{fraction}/{student}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        corrected=CONFIGURATION.attribution["correct"],
        code=code_digest("compare_attributions"),
    message:
        "Comparing the maps of {wildcards.student} and {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
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
        "logs/score_attributions/{dataset}/{teacher}/fraction-{fraction}/{student}.log",
    benchmark:
        "benchmarks/jobs/score_attributions/{dataset}/{teacher}/fraction-{fraction}/{student}.tsv"
    conda:
        "../envs/analysis.yaml"
    params:
        corrected=CONFIGURATION.attribution["correct"],
        code=code_digest("score_attributions"),
    message:
        "Scoring the maps of {wildcards.student} and {wildcards.teacher} on {wildcards.dataset} against the truth"
    script:
        "../scripts/score_attributions.py"
