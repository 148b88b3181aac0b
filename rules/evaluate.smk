# The evaluation stage measures how accurate members, ensembles and students are. A ridge regression on k-mers is the
# floor that each of them must beat.


include: "evaluate_functions.smk"


rule fit_kmer_ridge:
    input:
        store="results/{dataset}/store.h5",
    output:
        "results/{dataset}/kmer_ridge/fraction-{fraction}/performance.tsv",
    log:
        log_of("fit_kmer_ridge", "{dataset}/fraction-{fraction}"),
    benchmark:
        benchmark_of("fit_kmer_ridge", "{dataset}/fraction-{fraction}")
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
    params:
        seed=CONFIGURATION.seed,
        code=code_of("fit_kmer_ridge"),
    message:
        "Fit a ridge regression on k-mers to fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/fit_kmer_ridge.py"


rule evaluate_ensemble:
    input:
        store="results/{dataset}/store.h5",
        predictions=f"{ENSEMBLE}/predictions.h5",
    output:
        f"{ENSEMBLE}/performance.tsv",
    log:
        log_of("evaluate_ensemble", PER_ENSEMBLE),
    benchmark:
        benchmark_of("evaluate_ensemble", PER_ENSEMBLE)
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        seed=CONFIGURATION.seed,
        code=code_of("evaluate_ensemble"),
    message:
        "Measure the accuracy of the ensemble {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/evaluate_ensemble.py"


rule evaluate_student:
    input:
        store="results/{dataset}/store.h5",
        ensemble=f"{ENSEMBLE}/predictions.h5",
        students=f"{STUDENT}/predictions.h5",
    output:
        performance=f"{STUDENT}/performance.tsv",
        differences=f"{STUDENT}/differences.tsv",
        predictions=f"{STUDENT}/test_predictions.parquet",
    log:
        log_of("evaluate_student", PER_STUDENT),
    benchmark:
        benchmark_of("evaluate_student", PER_STUDENT)
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        ensemble_size=lambda wildcards: student_recipe(wildcards)["ensemble_size"],
        seed=CONFIGURATION.seed,
        code=code_of("evaluate_student"),
    message:
        "Measure the accuracy of the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/evaluate_student.py"


rule collect_performance:
    input:
        performance_tables,
    output:
        "results/{dataset}/performance.tsv",
    log:
        log_of("collect_performance", "{dataset}"),
    benchmark:
        benchmark_of("collect_performance", "{dataset}")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_of("collect_performance"),
    message:
        "Collect the accuracy of all models of {wildcards.dataset} in one table"
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
        log_of("summarize_performance"),
    benchmark:
        benchmark_of("summarize_performance")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_of("summarize_performance"),
    message:
        "Summarise the accuracy on the test splits of all data sets"
    script:
        "../scripts/summarize_performance.py"


rule plot_performance:
    input:
        "results/{dataset}/performance.tsv",
    output:
        figure_output("{dataset}/performance", "Accuracy", "accuracy against training data"),
    log:
        log_of("plot_performance", "{dataset}"),
    benchmark:
        benchmark_of("plot_performance", "{dataset}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title,
        code=code_of("plot_performance"),
    message:
        "Plot the accuracy of all models of {wildcards.dataset} against the amount of training data"
    script:
        "../scripts/plot_performance.py"


rule plot_uncertainty_heads:
    input:
        "results/{dataset}/performance.tsv",
    output:
        figure_output("{dataset}/uncertainty_heads", "Uncertainty", "uncertainty heads against training data"),
    log:
        log_of("plot_uncertainty_heads", "{dataset}"),
    benchmark:
        benchmark_of("plot_uncertainty_heads", "{dataset}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title,
        code=code_of("plot_uncertainty_heads"),
    message:
        "Plot the accuracy of the uncertainty heads on {wildcards.dataset}"
    script:
        "../scripts/plot_uncertainty_heads.py"


rule plot_pool_sizes:
    input:
        ensemble=at_highest_fraction(f"{ENSEMBLE}/performance.tsv"),
        students=tables_of_pool_sizes,
    output:
        figure_output("{dataset}/{teacher}/pool_sizes", "Accuracy", "number of sequences labelled by the ensemble"),
    log:
        log_of("plot_pool_sizes", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_pool_sizes", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        pools=lambda wildcards: pool_sizes(wildcards.dataset),
        title=title_of_methods,
        code=code_of("plot_pool_sizes"),
    message:
        "Plot the students of {wildcards.teacher} on {wildcards.dataset} against the number of sequences that it labels"
    script:
        "../scripts/plot_pool_sizes.py"


rule compare_students:
    input:
        scores=tables_of_students,
        models=descriptions_of_students,
    output:
        "results/{dataset}/{teacher}/student_costs.tsv",
    log:
        log_of("compare_students", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("compare_students", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_of("compare_students"),
    message:
        "Compare the students of {wildcards.teacher} on {wildcards.dataset} by their cost"
    script:
        "../scripts/compare_students.py"


rule plot_student_costs:
    input:
        "results/{dataset}/{teacher}/student_costs.tsv",
    output:
        figure_output("{dataset}/{teacher}/student_costs", "Accuracy", "what students inherit against their cost"),
    log:
        log_of("plot_student_costs", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_student_costs", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_of("plot_student_costs"),
    message:
        "Plot the students of {wildcards.teacher} on {wildcards.dataset} against their cost"
    script:
        "../scripts/plot_student_costs.py"


rule plot_predictions:
    input:
        store="results/{dataset}/store.h5",
        predictions=at_highest_fraction(f"{STUDENT}/test_predictions.parquet"),
    output:
        figure_output("{dataset}/{teacher}/{student}/predictions", "Accuracy", "predicted against measured"),
    log:
        log_of("plot_predictions", "{dataset}/{teacher}/{student}"),
    benchmark:
        benchmark_of("plot_predictions", "{dataset}/{teacher}/{student}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        units=units_of,
        title=lambda wildcards: f"{title_of_student(wildcards)}, test split",
        code=code_of("plot_predictions"),
    message:
        "Plot what {wildcards.student} and {wildcards.teacher} predict for {wildcards.dataset} against what was measured"
    script:
        "../scripts/plot_predictions.py"


rule plot_training_curves:
    input:
        model_descriptions,
    output:
        figure_output("{dataset}/training_curves", "Accuracy", "training curves"),
    log:
        log_of("plot_training_curves", "{dataset}"),
    benchmark:
        benchmark_of("plot_training_curves", "{dataset}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title,
        code=code_of("plot_training_curves"),
    message:
        "Plot the training curves of all models of {wildcards.dataset}"
    script:
        "../scripts/plot_training_curves.py"


RUN_TARGETS.append("results/summary.tsv")
RUN_TARGETS += figure_files("{dataset}/{figure}", DATASETS, figure=["performance", "training_curves"])
RUN_TARGETS += figure_files(
    "{dataset}/uncertainty_heads", [dataset for dataset in DATASETS if CONFIGURATION.study(dataset)["students"]]
)
RUN_TARGETS += figure_files("{dataset}/{teacher}/{student}/predictions", MEASURED_DATASETS)
# The figure is part of a run whose students are trained on several numbers of sequences of pools.
RUN_TARGETS += figure_files("{dataset}/{teacher}/pool_sizes", [dataset for dataset in DATASETS if pool_sizes(dataset)])
# Several students are compared by their cost.
RUN_TARGETS += figure_files(
    "{dataset}/{teacher}/student_costs",
    [dataset for dataset in DATASETS if len(CONFIGURATION.study(dataset)["students"]) > 1],
)
