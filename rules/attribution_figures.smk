# Figures of attribution maps: one a data set, teacher and student.


rule plot_attribution_similarity:
    input:
        at_highest_fraction(f"{STUDENT}/attribution/models.tsv"),
    output:
        figure_output(
            "{dataset}/{teacher}/{student}/attribution_similarity", "Attribution", "similarity to the ensemble"
        ),
    log:
        "logs/plot_attribution_similarity/{dataset}/{teacher}/{student}.log",
    benchmark:
        "benchmarks/jobs/plot_attribution_similarity/{dataset}/{teacher}/{student}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_student,
        code=code_digest("plot_attribution_similarity"),
    message:
        "Plotting how near maps are of {wildcards.student} of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_attribution_similarity.py"


rule plot_attribution_variability:
    input:
        at_highest_fraction(f"{STUDENT}/attribution/sequences.parquet"),
    output:
        figure_output("{dataset}/{teacher}/{student}/attribution_variability", "Attribution", "variability over seeds"),
    log:
        "logs/plot_attribution_variability/{dataset}/{teacher}/{student}.log",
    benchmark:
        "benchmarks/jobs/plot_attribution_variability/{dataset}/{teacher}/{student}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_student,
        code=code_digest("plot_attribution_variability"),
    message:
        "Plotting how maps vary of {wildcards.student} of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_attribution_variability.py"


rule plot_attribution_quantiles:
    input:
        models=at_highest_fraction(f"{STUDENT}/attribution/models.tsv"),
        sequences=at_highest_fraction(f"{STUDENT}/attribution/sequences.parquet"),
    output:
        figure_output("{dataset}/{teacher}/{student}/attribution_quantiles", "Attribution", "maps by activity"),
    log:
        "logs/plot_attribution_quantiles/{dataset}/{teacher}/{student}.log",
    benchmark:
        "benchmarks/jobs/plot_attribution_quantiles/{dataset}/{teacher}/{student}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_student,
        code=code_digest("plot_attribution_quantiles"),
    message:
        "Plotting maps by activity of {wildcards.student} of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_attribution_quantiles.py"


rule plot_attribution_truth:
    input:
        at_highest_fraction(f"{STUDENT}/attribution/truth.tsv"),
    output:
        figure_output("{dataset}/{teacher}/{student}/attribution_truth", "Attribution", "maps against planted motifs"),
    log:
        "logs/plot_attribution_truth/{dataset}/{teacher}/{student}.log",
    benchmark:
        "benchmarks/jobs/plot_attribution_truth/{dataset}/{teacher}/{student}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_student,
        code=code_digest("plot_attribution_truth"),
    message:
        "Plotting maps against the truth of {wildcards.student} of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_attribution_truth.py"


rule plot_attribution_logos:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        members=at_highest_fraction(f"{ENSEMBLE}/attributions.h5"),
        reference=at_highest_fraction(f"{ENSEMBLE}/reference/attributions.h5"),
        students=at_highest_fraction(f"{STUDENT}/attributions.h5"),
    output:
        figure_output("{dataset}/{teacher}/{student}/attribution_logos", "Attribution", "maps as logos"),
    log:
        "logs/plot_attribution_logos/{dataset}/{teacher}/{student}.log",
    benchmark:
        "benchmarks/jobs/plot_attribution_logos/{dataset}/{teacher}/{student}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        method=next(iter(CONFIGURATION.attribution["methods"]), None),
        corrected=CONFIGURATION.attribution["correct"],
        title=lambda wildcards: f"{title_of_student(wildcards)}: {next(iter(CONFIGURATION.attribution['methods']))}",
        code=code_digest("plot_attribution_logos"),
    message:
        "Plotting maps of {wildcards.student} of {wildcards.teacher} on {wildcards.dataset} as logos"
    script:
        "../scripts/plot_attribution_logos.py"
