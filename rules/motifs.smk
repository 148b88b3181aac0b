# Motifs in the attribution maps of an ensemble and of its students, their mean maps each.


rule discover_motifs:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        maps=f"{ENSEMBLE}/attributions.h5",
    output:
        f"{ENSEMBLE}/motifs.h5",
    log:
        "logs/discover_motifs/{dataset}/{teacher}/fraction-{fraction}.log",
    benchmark:
        "benchmarks/jobs/discover_motifs/{dataset}/{teacher}/fraction-{fraction}.tsv"
    conda:
        "../envs/analysis.yaml"
    threads: 2
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
        runtime="4h",
    params:
        settings=discovery_settings(),
        code=code_digest("discover_motifs"),
    message:
        "Discovering motifs in the maps of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/discover_motifs.py"


use rule discover_motifs as discover_student_motifs with:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        maps=f"{STUDENT}/attributions.h5",
    output:
        f"{STUDENT}/motifs.h5",
    log:
        "logs/discover_student_motifs/{dataset}/{teacher}/fraction-{fraction}/{student}.log",
    benchmark:
        "benchmarks/jobs/discover_student_motifs/{dataset}/{teacher}/fraction-{fraction}/{student}.tsv"
    params:
        settings=discovery_settings(),
        code=code_digest("discover_motifs"),
    message:
        "Discovering motifs in the maps of {wildcards.student} of {wildcards.teacher} on {wildcards.dataset}"


rule match_motifs:
    input:
        ensemble=f"{ENSEMBLE}/motifs.h5",
        student=f"{STUDENT}/motifs.h5",
        database=motif_database,
    output:
        f"{STUDENT}/motifs/matches.tsv",
    log:
        "logs/match_motifs/{dataset}/{teacher}/fraction-{fraction}/{student}.log",
    benchmark:
        "benchmarks/jobs/match_motifs/{dataset}/{teacher}/fraction-{fraction}/{student}.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_digest("match_motifs"),
    message:
        "Matching motifs of {wildcards.student} and {wildcards.teacher} on {wildcards.dataset} to known ones"
    script:
        "../scripts/match_motifs.py"


rule score_motifs:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        planted="results/{dataset}/sources/motifs",
        ensemble=f"{ENSEMBLE}/motifs.h5",
        student=f"{STUDENT}/motifs.h5",
        database=motif_database,
        # Not read: Tomtom is compiled by one job, and kept.
        matches=f"{STUDENT}/motifs/matches.tsv",
    output:
        f"{STUDENT}/motifs/truth.tsv",
    log:
        "logs/score_motifs/{dataset}/{teacher}/fraction-{fraction}/{student}.log",
    benchmark:
        "benchmarks/jobs/score_motifs/{dataset}/{teacher}/fraction-{fraction}/{student}.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        head=CONFIGURATION.attribution["motifs"]["head"],
        significance=CONFIGURATION.attribution["motifs"]["significance"],
        code=code_digest("score_motifs"),
    message:
        "Scoring motifs of {wildcards.student} and {wildcards.teacher} on {wildcards.dataset} against those planted"
    script:
        "../scripts/score_motifs.py"


rule plot_motifs:
    input:
        ensemble=at_highest_fraction(f"{ENSEMBLE}/motifs.h5"),
        student=at_highest_fraction(f"{STUDENT}/motifs.h5"),
        matches=at_highest_fraction(f"{STUDENT}/motifs/matches.tsv"),
        truth=scores_of_motifs,
        database=motif_database,
    output:
        figure_output("{dataset}/{teacher}/{student}/motifs", "Attribution", "motifs discovered"),
    log:
        "logs/plot_motifs/{dataset}/{teacher}/{student}.log",
    benchmark:
        "benchmarks/jobs/plot_motifs/{dataset}/{teacher}/{student}.tsv"
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        significance=CONFIGURATION.attribution["motifs"]["significance"],
        title=lambda wildcards: f"{title_of_student(wildcards)}, {CONFIGURATION.attribution['motifs']['head']}",
        code=code_digest("plot_motifs"),
    message:
        "Plotting motifs of {wildcards.student} of {wildcards.teacher} on {wildcards.dataset}"
    script:
        "../scripts/plot_motifs.py"
