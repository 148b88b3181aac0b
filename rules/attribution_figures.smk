# These figures compare the attribution maps of one ensemble and its students.


rule plot_attribution_similarity:
    input:
        store="results/{dataset}/store.h5",
        models=at_highest_fraction(f"{STUDENT}/attribution/models.tsv"),
    output:
        figure_output(
            "{dataset}/{teacher}/{student}/attribution_similarity", "Attribution", "similarity of maps to the ensemble"
        ),
    log:
        log_of("plot_attribution_similarity", "{dataset}/{teacher}/{student}"),
    benchmark:
        benchmark_of("plot_attribution_similarity", "{dataset}/{teacher}/{student}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        units=units_of,
        title=title_of_student,
        code=code_of("plot_attribution_similarity"),
    message:
        "Plot how similar the maps of {wildcards.student} and {wildcards.teacher} on {wildcards.dataset} are to an ensemble's mean map"
    script:
        "../scripts/plot_attribution_similarity.py"


rule plot_attribution_variability:
    input:
        store="results/{dataset}/store.h5",
        sequences=at_highest_fraction(f"{STUDENT}/attribution/sequences.parquet"),
    output:
        figure_output(
            "{dataset}/{teacher}/{student}/attribution_variability", "Attribution", "variability of maps over seeds"
        ),
    log:
        log_of("plot_attribution_variability", "{dataset}/{teacher}/{student}"),
    benchmark:
        benchmark_of("plot_attribution_variability", "{dataset}/{teacher}/{student}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        units=units_of,
        title=title_of_student,
        code=code_of("plot_attribution_variability"),
    message:
        "Plot how the maps of {wildcards.student} and {wildcards.teacher} on {wildcards.dataset} vary over seeds"
    script:
        "../scripts/plot_attribution_variability.py"


rule plot_attribution_quantiles:
    input:
        models=at_highest_fraction(f"{STUDENT}/attribution/models.tsv"),
        sequences=at_highest_fraction(f"{STUDENT}/attribution/sequences.parquet"),
    output:
        figure_output("{dataset}/{teacher}/{student}/attribution_quantiles", "Attribution", "maps by activity"),
    log:
        log_of("plot_attribution_quantiles", "{dataset}/{teacher}/{student}"),
    benchmark:
        benchmark_of("plot_attribution_quantiles", "{dataset}/{teacher}/{student}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_student,
        code=code_of("plot_attribution_quantiles"),
    message:
        "Plot how the maps of {wildcards.student} and {wildcards.teacher} on {wildcards.dataset} depend on activity"
    script:
        "../scripts/plot_attribution_quantiles.py"


rule plot_attribution_truth:
    input:
        at_highest_fraction(f"{STUDENT}/attribution/truth.tsv"),
    output:
        figure_output("{dataset}/{teacher}/{student}/attribution_truth", "Attribution", "maps against planted motifs"),
    log:
        log_of("plot_attribution_truth", "{dataset}/{teacher}/{student}"),
    benchmark:
        benchmark_of("plot_attribution_truth", "{dataset}/{teacher}/{student}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_student,
        code=code_of("plot_attribution_truth"),
    message:
        "Plot how well the maps of {wildcards.student} and {wildcards.teacher} on {wildcards.dataset} point at planted motifs"
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
        log_of("plot_attribution_logos", "{dataset}/{teacher}/{student}"),
    benchmark:
        benchmark_of("plot_attribution_logos", "{dataset}/{teacher}/{student}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        units=units_of,
        method=lambda wildcards: next(iter(attribution_methods(wildcards)), None),
        gradient_correction=CONFIGURATION.attribution["gradient_correction"],
        title=title_of_student,
        code=code_of("plot_attribution_logos"),
    message:
        "Plot maps of {wildcards.student} and {wildcards.teacher} on {wildcards.dataset} as logos"
    script:
        "../scripts/plot_attribution_logos.py"


RUN_TARGETS += explaining_figures(["attribution_similarity", "attribution_logos"], EXPLAINED_DATASETS)
if CONFIGURATION.attribution["sequences"]["per_quantile"]:
    RUN_TARGETS += explaining_figures(["attribution_quantiles"], EXPLAINED_DATASETS)
# The maps of a single student cannot vary over seeds.
RUN_TARGETS += explaining_figures(
    ["attribution_variability"],
    [dataset for dataset in EXPLAINED_DATASETS if CONFIGURATION.study(dataset)["student_seeds"] > 1],
)
RUN_TARGETS += explaining_figures(
    ["attribution_truth"], [dataset for dataset in EXPLAINED_DATASETS if has_planted_motifs(dataset)]
)
