# The motif stage discovers motifs in the mean attribution map of an ensemble, and in that of its students.


include: "motifs_functions.smk"


rule discover_motifs:
    input:
        store="results/{dataset}/store.h5",
        sequences="results/{dataset}/explained.h5",
        maps=f"{ENSEMBLE}/attributions.h5",
    output:
        f"{ENSEMBLE}/motifs.h5",
    log:
        log_of("discover_motifs", PER_ENSEMBLE),
    benchmark:
        benchmark_of("discover_motifs", PER_ENSEMBLE)
    conda:
        "../envs/analysis.yaml"
    threads: 2
    resources:
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
        runtime="4h",
    params:
        settings=discovery_settings,
        code=code_of("discover_motifs"),
    message:
        "Discover motifs in the attribution maps of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
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
        log_of("discover_student_motifs", PER_STUDENT),
    benchmark:
        benchmark_of("discover_student_motifs", PER_STUDENT)
    params:
        settings=discovery_settings,
        code=code_of("discover_motifs"),
    message:
        "Discover motifs in the attribution maps of the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"


rule match_motifs:
    input:
        ensemble=f"{ENSEMBLE}/motifs.h5",
        student=f"{STUDENT}/motifs.h5",
        database=motif_database,
    output:
        f"{STUDENT}/motifs/matches.tsv",
    log:
        log_of("match_motifs", PER_STUDENT),
    benchmark:
        benchmark_of("match_motifs", PER_STUDENT)
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_of("match_motifs"),
    message:
        "Match the motifs that {wildcards.student} and {wildcards.teacher} find in {wildcards.dataset} to known motifs"
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
        # This table is not read. The job that makes it compiles Tomtom once, and this job finds the compiled code.
        matches=f"{STUDENT}/motifs/matches.tsv",
    output:
        f"{STUDENT}/motifs/truth.tsv",
    log:
        log_of("score_motifs", PER_STUDENT),
    benchmark:
        benchmark_of("score_motifs", PER_STUDENT)
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        head=CONFIGURATION.attribution["motifs"]["head"],
        significance=CONFIGURATION.attribution["motifs"]["significance"],
        code=code_of("score_motifs"),
    message:
        "Score the motifs that {wildcards.student} and {wildcards.teacher} find in {wildcards.dataset} against the planted motifs"
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
        log_of("plot_motifs", "{dataset}/{teacher}/{student}"),
    benchmark:
        benchmark_of("plot_motifs", "{dataset}/{teacher}/{student}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        significance=CONFIGURATION.attribution["motifs"]["significance"],
        title=lambda wildcards: f"{title_of_student(wildcards)}, {CONFIGURATION.attribution['motifs']['head']}",
        code=code_of("plot_motifs"),
    message:
        "Plot the motifs that {wildcards.student} and {wildcards.teacher} find in {wildcards.dataset}"
    script:
        "../scripts/plot_motifs.py"


RUN_TARGETS += [
    path
    for dataset in EXPLAINED_DATASETS
    for path in figure_files("{dataset}/{teacher}/{student}/motifs", [dataset], teacher=teachers_with_motifs(dataset))
]
