# The design stage lets models change sequences of the test split base by base, so that what they promise rises, and finds
# out how often the promise is kept.


include: "design_functions.smk"


wildcard_constraints:
    design="|".join(DESIGNS) or "none",


rule design_sequences:
    input:
        unpack(truth_files),
        store="results/{dataset}/store.h5",
        models=designer_files("model.keras"),
        descriptions=designer_files("model.json"),
        predictions=designer_predictions,
    output:
        f"{ENSEMBLE}/designs/{{design}}.h5",
    log:
        log_of("design_sequences", PER_ENSEMBLE, "{design}"),
    benchmark:
        benchmark_of("design_sequences", PER_ENSEMBLE, "{design}")
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime="2h",
    params:
        design=design_settings,
        seeds=designer_seeds,
        truth=truth_settings,
        sources=lambda wildcards: list(truth_files(wildcards)),
        sequences=DESIGN["sequences"],
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("design_sequences", ("search", DESIGNS[wildcards.design]["search"])),
    message:
        "Design sequences by {wildcards.design} with models of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/design_sequences.py"


rule assess_designs:
    input:
        unpack(predicted_designs),
        store="results/{dataset}/store.h5",
        designs=designs_at_highest_fraction,
        reference=reference_of_designs,
    output:
        table="results/{dataset}/{teacher}/designs.tsv",
        comparisons="results/{dataset}/{teacher}/design_comparisons.tsv",
        claims="results/{dataset}/{teacher}/design_claims.tsv",
        page=report(
            "results/{dataset}/{teacher}/designs.html",
            caption="../resources/captions/assess_designs.rst",
            category="{dataset}",
            subcategory="Design",
            labels=report_labels("{dataset}/{teacher}", "designs, what they promise and what they do"),
        ),
    log:
        log_of("assess_designs", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("assess_designs", "{dataset}/{teacher}")
    conda:
        "../envs/analysis.yaml"
    params:
        designs=lambda wildcards: {name: DESIGNS[name] for name in designs_of(wildcards.dataset)},
        title=title_of_methods,
        seed=CONFIGURATION.seed,
        code=code_of("assess_designs"),
    message:
        "Assess what designs of {wildcards.teacher} and its students on {wildcards.dataset} promise and do"
    script:
        "../scripts/assess_designs.py"


rule plot_designs:
    input:
        store="results/{dataset}/store.h5",
        table="results/{dataset}/{teacher}/designs.tsv",
    output:
        figure_output("{dataset}/{teacher}/designs", "Design", "what designs promise and do"),
    log:
        log_of("plot_designs", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_designs", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        units=units_of,
        title=title_of_methods,
        code=code_of("plot_designs"),
    message:
        "Plot what designs of {wildcards.teacher} and its students on {wildcards.dataset} promise and do"
    script:
        "../scripts/plot_designs.py"


RUN_TARGETS += [
    path for dataset in DESIGNED_DATASETS for path in expand_study("results/{dataset}/{teacher}/designs.html", dataset)
]
RUN_TARGETS += figure_files("{dataset}/{teacher}/designs", DESIGNED_DATASETS)
add_claims("design", "results/{dataset}/{teacher}/design_claims.tsv", DESIGNED_DATASETS)
