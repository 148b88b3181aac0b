# Accuracy of members, ensembles, students and the k-mer floor, as tidy tables.


rule fit_kmer_ridge:
    input:
        store="results/{dataset}/store.h5",
    output:
        "results/{dataset}/kmer_ridge/fraction-{fraction}/performance.tsv",
    log:
        "logs/fit_kmer_ridge/{dataset}/fraction-{fraction}.log",
    benchmark:
        "benchmarks/jobs/fit_kmer_ridge/{dataset}/fraction-{fraction}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        seed=CONFIGURATION.seed,
        code=code_digest("fit_kmer_ridge"),
    message:
        "Fitting k-mer ridge on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/fit_kmer_ridge.py"


rule evaluate_ensemble:
    input:
        store="results/{dataset}/store.h5",
        predictions=f"{ENSEMBLE}/predictions.h5",
    output:
        f"{ENSEMBLE}/performance.tsv",
    log:
        "logs/evaluate_ensemble/{dataset}/{teacher}/fraction-{fraction}.log",
    benchmark:
        "benchmarks/jobs/evaluate_ensemble/{dataset}/{teacher}/fraction-{fraction}.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_digest("evaluate_ensemble"),
    message:
        "Scoring {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/evaluate_ensemble.py"


rule evaluate_student:
    input:
        store="results/{dataset}/store.h5",
        ensemble=f"{ENSEMBLE}/predictions.h5",
        students=f"{STUDENT}/predictions.h5",
    output:
        performance=f"{STUDENT}/performance.tsv",
        predictions=f"{STUDENT}/test_predictions.parquet",
    log:
        "logs/evaluate_student/{dataset}/{teacher}/fraction-{fraction}/{student}.log",
    benchmark:
        "benchmarks/jobs/evaluate_student/{dataset}/{teacher}/fraction-{fraction}/{student}.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        ensemble_size=lambda wildcards: student_recipe(wildcards)["ensemble_size"],
        code=code_digest("evaluate_student"),
    message:
        "Scoring {wildcards.student} of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/evaluate_student.py"


rule collect_performance:
    input:
        performance_tables,
    output:
        "results/{dataset}/performance.tsv",
    log:
        "logs/collect_performance/{dataset}.log",
    benchmark:
        "benchmarks/jobs/collect_performance/{dataset}.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_digest("collect_performance"),
    message:
        "Collecting the scores of {wildcards.dataset}"
    script:
        "../scripts/collect_performance.py"


rule summarize_performance:
    input:
        expand("results/{dataset}/performance.tsv", dataset=DATASETS),
    output:
        table=report(
            "results/summary.tsv",
            caption="../resources/captions/summarize_performance.rst",
            category="Summary",
            labels={"result": "test accuracy, to download as tsv"},
        ),
        page=report(
            "results/summary.html",
            caption="../resources/captions/summarize_performance.rst",
            category="Summary",
            labels={"result": "test accuracy of every model"},
        ),
    log:
        "logs/summarize_performance.log",
    benchmark:
        "benchmarks/jobs/summarize_performance.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_digest("summarize_performance"),
    message:
        "Summarising the test scores of all data sets"
    script:
        "../scripts/summarize_performance.py"
