# The variants stage lets the models of the highest training fraction predict effects of variants that were measured, and
# measures how well they agree and whether the uncertainty of a difference knows where they do not.


include: "variants_functions.smk"


wildcard_constraints:
    variants="|".join(VARIANT_SETS) or "none",


for name in VARIANT_SETS:
    check_variant_paths(name)


use rule fetch_source as fetch_variant_source with:
    input:
        local=lambda wildcards: local_path(variant_source_settings(wildcards)),
    output:
        "results/variants/{variants}/{source}",
    log:
        log_of("fetch_variant_source", "{variants}/{source}"),
    benchmark:
        benchmark_of("fetch_variant_source", "{variants}/{source}")
    localrule: True
    params:
        source=lambda wildcards: {
            key: value for key, value in variant_source_settings(wildcards).items() if key != "page"
        },
        origin=lambda wildcards: origin_of_file(
            variant_source_settings(wildcards), VARIANT_SETS[wildcards.variants]["citation"]
        ),
        data_directory=CONFIGURATION.data_directory,
        code=code_of("fetch_source"),
    message:
        "Fetch the file {wildcards.source} of the variants {wildcards.variants}"


rule import_variants:
    input:
        unpack(variant_files),
    output:
        "results/variants/{variants}.h5",
    log:
        log_of("import_variants", "{variants}"),
    benchmark:
        benchmark_of("import_variants", "{variants}")
    conda:
        "../envs/analysis.yaml"
    params:
        source=lambda wildcards: VARIANT_SETS[wildcards.variants]["source"],
        options=lambda wildcards: VARIANT_SETS[wildcards.variants]["options"],
        origins=lambda wildcards: {
            name: str(local_path(source) or source["url"] or source["name"])
            for name, source in VARIANT_SETS[wildcards.variants]["files"].items()
        },
        code=lambda wildcards: code_of(
            "import_variants", ("variant source", VARIANT_SETS[wildcards.variants]["source"])
        ),
    message:
        "Import the variants {wildcards.variants}"
    script:
        "../scripts/import_variants.py"


rule predict_variants:
    input:
        store="results/{dataset}/store.h5",
        variants="results/variants/{variants}.h5",
        models=member_files("model.keras"),
        descriptions=member_files("model.json"),
        predictions=f"{ENSEMBLE}/predictions.h5",
    output:
        f"{ENSEMBLE}/variants/{{variants}}.h5",
    log:
        log_of("predict_variants", f"{PER_ENSEMBLE}/{{variants}}"),
    benchmark:
        benchmark_of("predict_variants", f"{PER_ENSEMBLE}/{{variants}}")
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime="1h",
    params:
        settings=variant_placing,
        pad=padding,
        seeds=lambda wildcards: member_seeds(wildcards.dataset, wildcards.teacher),
        strands=lambda wildcards: teacher_recipe(wildcards)["strands"],
        prediction=member_prediction,
        deterministic=CONFIGURATION.deterministic,
        code=code_of("predict_variants"),
    message:
        "Predict the variants {wildcards.variants} with the members of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/predict_variants.py"


use rule predict_variants as predict_variants_by_students with:
    input:
        store="results/{dataset}/store.h5",
        variants="results/variants/{variants}.h5",
        models=student_files("model.keras"),
        descriptions=student_files("model.json"),
        predictions=f"{STUDENT}/predictions.h5",
        difference=difference_head,
    output:
        f"{STUDENT}/variants/{{variants}}.h5",
    log:
        log_of("predict_variants_by_students", f"{PER_STUDENT}/{{variants}}"),
    benchmark:
        benchmark_of("predict_variants_by_students", f"{PER_STUDENT}/{{variants}}")
    params:
        settings=variant_placing,
        pad=padding,
        seeds=lambda wildcards: student_seeds(wildcards.dataset),
        strands=lambda wildcards: student_recipe(wildcards)["strands"],
        prediction={},
        deterministic=CONFIGURATION.deterministic,
        code=code_of("predict_variants"),
    message:
        "Predict the variants {wildcards.variants} with the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"


rule predict_variants_by_kmer_ridge:
    input:
        store="results/{dataset}/store.h5",
        variants="results/variants/{variants}.h5",
    output:
        "results/{dataset}/kmer_ridge/fraction-{fraction}/variants/{variants}.h5",
    log:
        log_of("predict_variants_by_kmer_ridge", "{dataset}/fraction-{fraction}/{variants}"),
    benchmark:
        benchmark_of("predict_variants_by_kmer_ridge", "{dataset}/fraction-{fraction}/{variants}")
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        settings=variant_placing,
        pad=padding,
        seed=CONFIGURATION.seed,
        code=code_of("predict_variants_by_kmer_ridge"),
    message:
        "Predict the variants {wildcards.variants} with a ridge regression on k-mers, fitted to fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/predict_variants_by_kmer_ridge.py"


rule assess_variants:
    input:
        store="results/{dataset}/store.h5",
        variants="results/variants/{variants}.h5",
        members=f"{ENSEMBLE}/variants/{{variants}}.h5",
        students=student_predictions_of_variants,
        kmer_ridge="results/{dataset}/kmer_ridge/fraction-{fraction}/variants/{variants}.h5",
    output:
        **{name: f"{ENSEMBLE}/variants/{{variants}}/{file}" for name, file in VARIANT_TABLES.items()},
    log:
        log_of("assess_variants", f"{PER_ENSEMBLE}/{{variants}}"),
    benchmark:
        benchmark_of("assess_variants", f"{PER_ENSEMBLE}/{{variants}}")
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
    params:
        settings=VARIANTS,
        pad=padding,
        students=lambda wildcards: CONFIGURATION.study(wildcards.dataset)["students"],
        judging=variant_judging,
        seed=CONFIGURATION.seed,
        code=code_of("assess_variants", *VARIANT_METRICS),
    message:
        "Assess {wildcards.teacher} and its students, trained on fraction {wildcards.fraction} of {wildcards.dataset}, on the variants {wildcards.variants}"
    script:
        "../scripts/assess_variants.py"


rule plot_variant_effects:
    input:
        scores=at_highest_fraction(f"{ENSEMBLE}/variants/{{variants}}/scores.tsv"),
        uncertainty=at_highest_fraction(f"{ENSEMBLE}/variants/{{variants}}/uncertainty.tsv"),
        curves=at_highest_fraction(f"{ENSEMBLE}/variants/{{variants}}/curves.parquet"),
        effects=at_highest_fraction(f"{ENSEMBLE}/variants/{{variants}}/effects.parquet"),
    output:
        figure_output("{dataset}/{teacher}/{variants}/variant_effects", "Variants", "variant effects"),
    log:
        log_of("plot_variant_effects", "{dataset}/{teacher}/{variants}"),
    benchmark:
        benchmark_of("plot_variant_effects", "{dataset}/{teacher}/{variants}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        unit=lambda wildcards: VARIANT_SETS[wildcards.variants]["unit"],
        title=title_of_variants,
        code=code_of("plot_variant_effects"),
    message:
        "Plot effects of the variants {wildcards.variants} as {wildcards.teacher} of {wildcards.dataset} predicts them"
    script:
        "../scripts/plot_variant_effects.py"


for dataset in MEASURED_DATASETS:
    chosen = {"variants": CONFIGURATION.study(dataset)["variants"]}
    RUN_TARGETS += figure_files("{dataset}/{teacher}/{variants}/variant_effects", [dataset], **chosen)
    for name in chosen["variants"]:
        at_highest = {"fraction": highest_fraction(dataset), "variants": name}
        add_claims("variants", f"{ENSEMBLE}/variants/{{variants}}/claims.tsv", [dataset], **at_highest)
