# Figures of uncertainty: one a data set and teacher, with its baselines and students.


rule plot_interval_coverage:
    input:
        assessments("curves.parquet"),
    output:
        figure_output("{dataset}/{teacher}/interval_coverage", "Uncertainty", "interval coverage against width"),
    log:
        "logs/plot_interval_coverage/{dataset}/{teacher}.log",
    benchmark:
        "benchmarks/jobs/plot_interval_coverage/{dataset}/{teacher}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_digest("plot_interval_coverage"),
    message:
        "Plotting coverage against width of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_interval_coverage.py"


rule plot_calibration_curves:
    input:
        curves=assessments("curves.parquet"),
        scores=assessments("scores.tsv"),
    output:
        figure_output("{dataset}/{teacher}/calibration_curves", "Uncertainty", "calibration curves"),
    log:
        "logs/plot_calibration_curves/{dataset}/{teacher}.log",
    benchmark:
        "benchmarks/jobs/plot_calibration_curves/{dataset}/{teacher}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_digest("plot_calibration_curves"),
    message:
        "Plotting calibration curves of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_calibration_curves.py"


rule plot_accuracy_and_coverage:
    input:
        assessments("scores.tsv"),
    output:
        figure_output("{dataset}/{teacher}/accuracy_and_coverage", "Uncertainty", "accuracy and coverage"),
    log:
        "logs/plot_accuracy_and_coverage/{dataset}/{teacher}.log",
    benchmark:
        "benchmarks/jobs/plot_accuracy_and_coverage/{dataset}/{teacher}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_digest("plot_accuracy_and_coverage"),
    message:
        "Plotting accuracy against coverage of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_accuracy_and_coverage.py"


rule plot_pit:
    input:
        assessments("curves.parquet"),
    output:
        figure_output("{dataset}/{teacher}/pit", "Uncertainty", "probability integral transform"),
    log:
        "logs/plot_pit/{dataset}/{teacher}.log",
    benchmark:
        "benchmarks/jobs/plot_pit/{dataset}/{teacher}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_digest("plot_pit"),
    message:
        "Plotting probability integral transforms of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_pit.py"


rule plot_conformal:
    input:
        conformal=assessments("conformal.tsv"),
        store="results/{dataset}/store.h5",
    output:
        figure_output("{dataset}/{teacher}/conformal", "Uncertainty", "conformal intervals"),
    log:
        "logs/plot_conformal/{dataset}/{teacher}.log",
    benchmark:
        "benchmarks/jobs/plot_conformal/{dataset}/{teacher}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        level=CONFIGURATION.assessment["conditional_level"],
        code=code_digest("plot_conformal"),
    message:
        "Plotting conformal intervals of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_conformal.py"


rule plot_conditional_coverage:
    input:
        assessments("conditional.tsv"),
    output:
        figure_output("{dataset}/{teacher}/conditional_coverage", "Uncertainty", "conditional coverage"),
    log:
        "logs/plot_conditional_coverage/{dataset}/{teacher}.log",
    benchmark:
        "benchmarks/jobs/plot_conditional_coverage/{dataset}/{teacher}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_digest("plot_conditional_coverage"),
    message:
        "Plotting conditional coverage of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_conditional_coverage.py"


rule plot_sparsification:
    input:
        assessments("curves.parquet"),
    output:
        figure_output("{dataset}/{teacher}/sparsification", "Uncertainty", "sparsification"),
    log:
        "logs/plot_sparsification/{dataset}/{teacher}.log",
    benchmark:
        "benchmarks/jobs/plot_sparsification/{dataset}/{teacher}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_digest("plot_sparsification"),
    message:
        "Plotting sparsification of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_sparsification.py"


rule plot_simulated_uncertainty:
    input:
        assessments("predictions.parquet"),
    output:
        figure_output("{dataset}/{teacher}/simulated_uncertainty", "Uncertainty", "uncertainty against the truth"),
    log:
        "logs/plot_simulated_uncertainty/{dataset}/{teacher}.log",
    benchmark:
        "benchmarks/jobs/plot_simulated_uncertainty/{dataset}/{teacher}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_digest("plot_simulated_uncertainty"),
    message:
        "Plotting uncertainty against the truth of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_simulated_uncertainty.py"
