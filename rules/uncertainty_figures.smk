# These figures compare the uncertainties of one teacher, its baselines and its students.


rule plot_interval_coverage:
    input:
        store="results/{dataset}/store.h5",
        curves=assessments("curves.parquet"),
    output:
        figure_output("{dataset}/{teacher}/interval_coverage", "Uncertainty", "interval coverage against width"),
    log:
        log_of("plot_interval_coverage", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_interval_coverage", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        units=units_of,
        title=title_of_methods,
        code=code_of("plot_interval_coverage"),
    message:
        "Plot the coverage of {wildcards.teacher}'s intervals on {wildcards.dataset} against their width"
    script:
        "../scripts/plot_interval_coverage.py"


rule plot_calibration_curves:
    input:
        curves=assessments("curves.parquet"),
        scores=assessments("scores.tsv"),
    output:
        figure_output("{dataset}/{teacher}/calibration_curves", "Uncertainty", "calibration curves"),
    log:
        log_of("plot_calibration_curves", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_calibration_curves", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_of("plot_calibration_curves"),
    message:
        "Plot the calibration curves of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_calibration_curves.py"


rule plot_accuracy_and_coverage:
    input:
        assessments("scores.tsv"),
    output:
        figure_output("{dataset}/{teacher}/accuracy_and_coverage", "Uncertainty", "accuracy and coverage"),
    log:
        log_of("plot_accuracy_and_coverage", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_accuracy_and_coverage", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_of("plot_accuracy_and_coverage"),
    message:
        "Plot the accuracy of {wildcards.teacher} on {wildcards.dataset} against its coverage"
    script:
        "../scripts/plot_accuracy_and_coverage.py"


rule plot_pit:
    input:
        assessments("curves.parquet"),
    output:
        figure_output("{dataset}/{teacher}/pit", "Uncertainty", "probability integral transform"),
    log:
        log_of("plot_pit", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_pit", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_of("plot_pit"),
    message:
        "Plot the probability integral transforms of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_pit.py"


rule plot_conformal:
    input:
        conformal=assessments("conformal.tsv"),
        store="results/{dataset}/store.h5",
    output:
        figure_output("{dataset}/{teacher}/conformal", "Uncertainty", "conformal intervals"),
    log:
        log_of("plot_conformal", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_conformal", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        units=units_of,
        title=title_of_methods,
        level=CONFIGURATION.assessment["conditional_level"],
        code=code_of("plot_conformal"),
    message:
        "Plot the conformal intervals of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_conformal.py"


rule plot_conditional_coverage:
    input:
        assessments("conditional.tsv"),
    output:
        figure_output("{dataset}/{teacher}/conditional_coverage", "Uncertainty", "conditional coverage"),
    log:
        log_of("plot_conditional_coverage", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_conditional_coverage", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_of("plot_conditional_coverage"),
    message:
        "Plot the conditional coverage of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_conditional_coverage.py"


rule plot_sparsification:
    input:
        assessments("curves.parquet"),
    output:
        figure_output("{dataset}/{teacher}/sparsification", "Uncertainty", "sparsification"),
    log:
        log_of("plot_sparsification", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_sparsification", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_methods,
        code=code_of("plot_sparsification"),
    message:
        "Plot the sparsification curves of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_sparsification.py"


rule plot_simulated_uncertainty:
    input:
        store="results/{dataset}/store.h5",
        predictions=assessments("predictions.parquet"),
    output:
        figure_output("{dataset}/{teacher}/simulated_uncertainty", "Uncertainty", "uncertainty against the truth"),
    log:
        log_of("plot_simulated_uncertainty", "{dataset}/{teacher}"),
    benchmark:
        benchmark_of("plot_simulated_uncertainty", "{dataset}/{teacher}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        units=units_of,
        title=title_of_methods,
        code=code_of("plot_simulated_uncertainty"),
    message:
        "Plot the uncertainty of {wildcards.teacher} on {wildcards.dataset} against the known truth"
    script:
        "../scripts/plot_simulated_uncertainty.py"


RUN_TARGETS += figure_files(
    "{dataset}/{teacher}/{figure}",
    MEASURED_DATASETS,
    figure=[
        "interval_coverage",
        "calibration_curves",
        "accuracy_and_coverage",
        "pit",
        "conformal",
        "conditional_coverage",
        "sparsification",
    ],
)
RUN_TARGETS += figure_files(
    "{dataset}/{teacher}/simulated_uncertainty", [dataset for dataset in MEASURED_DATASETS if has_truth(dataset)]
)
