# How far uncertainties can be trusted: calibration and conformal intervals, at the highest training fraction.


rule assess_ensemble:
    input:
        store="results/{dataset}/store.h5",
        predictions=f"{ENSEMBLE}/predictions.h5",
    output:
        **assessment_tables(ENSEMBLE),
    log:
        "logs/assess_ensemble/{dataset}/{teacher}/fraction-{fraction}.log",
    benchmark:
        "benchmarks/jobs/assess_ensemble/{dataset}/{teacher}/fraction-{fraction}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        settings=CONFIGURATION.assessment,
        family=lambda wildcards: loss_declaration(teacher_recipe(wildcards)["loss"]["name"]).family,
        resampling=resampling,
        seed=CONFIGURATION.seed,
        code=assessment_code("assess_ensemble"),
    message:
        "Assessing the uncertainty of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/assess_ensemble.py"


rule assess_students:
    input:
        store="results/{dataset}/store.h5",
        predictions=f"{STUDENT}/predictions.h5",
    output:
        **assessment_tables(STUDENT),
    log:
        "logs/assess_students/{dataset}/{teacher}/fraction-{fraction}/{student}.log",
    benchmark:
        "benchmarks/jobs/assess_students/{dataset}/{teacher}/fraction-{fraction}/{student}.tsv"
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        settings=CONFIGURATION.assessment,
        family="normal",
        resampling={},
        seed=CONFIGURATION.seed,
        code=assessment_code("assess_students"),
    message:
        "Assessing the uncertainty of {wildcards.student} of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/assess_students.py"


rule summarize_uncertainty:
    input:
        scores=assessments("scores.tsv"),
        conformal=assessments("conformal.tsv"),
        performance="results/{dataset}/performance.tsv",
    output:
        table="results/{dataset}/{teacher}/uncertainty.tsv",
        claims="results/{dataset}/{teacher}/claims.tsv",
        page=report(
            "results/{dataset}/{teacher}/uncertainty.html",
            caption="../resources/captions/summarize_uncertainty.rst",
            category="{dataset}",
            subcategory="Uncertainty",
            labels=report_labels("{dataset}/{teacher}", "table of methods, claims of the paper"),
        ),
    log:
        "logs/summarize_uncertainty/{dataset}/{teacher}.log",
    benchmark:
        "benchmarks/jobs/summarize_uncertainty/{dataset}/{teacher}.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        passes=forward_passes,
        level=CONFIGURATION.assessment["conditional_level"],
        title=title,
        code=code_digest("summarize_uncertainty"),
    message:
        "Summarising the uncertainties of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/summarize_uncertainty.py"
