# Every figure, as vector and PNG, captioned in the report.


rule plot_performance:
    input:
        "results/{dataset}/performance.tsv",
    output:
        figure_output("{dataset}/performance", "Accuracy", "accuracy against training data"),
    log:
        "logs/plot_performance/{dataset}.log",
    benchmark:
        "benchmarks/jobs/plot_performance/{dataset}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title,
        code=code_digest("plot_performance"),
    message:
        "Plotting accuracy on {wildcards.dataset}"
    script:
        "../scripts/plot_performance.py"


rule plot_uncertainty_heads:
    input:
        "results/{dataset}/performance.tsv",
    output:
        figure_output("{dataset}/uncertainty_heads", "Uncertainty", "uncertainty heads against training data"),
    log:
        "logs/plot_uncertainty_heads/{dataset}.log",
    benchmark:
        "benchmarks/jobs/plot_uncertainty_heads/{dataset}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title,
        code=code_digest("plot_uncertainty_heads"),
    message:
        "Plotting the uncertainty heads on {wildcards.dataset}"
    script:
        "../scripts/plot_uncertainty_heads.py"


rule plot_predictions:
    input:
        at_highest_fraction(f"{STUDENT}/test_predictions.parquet"),
    output:
        figure_output("{dataset}/{teacher}/{student}/predictions", "Accuracy", "predicted against measured"),
    log:
        "logs/plot_predictions/{dataset}/{teacher}/{student}.log",
    benchmark:
        "benchmarks/jobs/plot_predictions/{dataset}/{teacher}/{student}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=lambda wildcards: f"{title(wildcards)}: {wildcards.student} of {wildcards.teacher}, test split",
        code=code_digest("plot_predictions"),
    message:
        "Plotting predictions of {wildcards.student} of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_predictions.py"


rule plot_training_curves:
    input:
        model_descriptions,
    output:
        figure_output("{dataset}/training_curves", "Accuracy", "training curves"),
    log:
        "logs/plot_training_curves/{dataset}.log",
    benchmark:
        "benchmarks/jobs/plot_training_curves/{dataset}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title,
        code=code_digest("plot_training_curves"),
    message:
        "Plotting training curves on {wildcards.dataset}"
    script:
        "../scripts/plot_training_curves.py"


rule plot_simulated_truth:
    input:
        "results/{dataset}/store.h5",
    output:
        figure_output("{dataset}/simulated_truth", "Data", "simulated truth"),
    log:
        "logs/plot_simulated_truth/{dataset}.log",
    benchmark:
        "benchmarks/jobs/plot_simulated_truth/{dataset}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        code=code_digest("plot_simulated_truth"),
    message:
        "Plotting the truth of {wildcards.dataset}"
    script:
        "../scripts/plot_simulated_truth.py"
