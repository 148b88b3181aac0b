# The stage of profiles scores what models at base resolution predict.


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
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        ensemble_size=lambda wildcards: student_recipe(wildcards)["ensemble_size"],
        seed=CONFIGURATION.seed,
        code=code_of("score_profiles"),
    message:
        "Score the profiles of the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/score_profiles.py"
