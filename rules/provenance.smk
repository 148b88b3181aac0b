# `snakemake provenance` makes a table of where every file of a run comes from. This file is included last, because its
# input is what all stages have added to the run's targets.


rule provenance:
    input:
        RUN_TARGETS,
    output:
        "results/provenance.tsv",
    log:
        log_of("provenance"),
    benchmark:
        benchmark_of("provenance")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_of("collect_provenance"),
    message:
        "Collect where every file of the run comes from"
    script:
        "../scripts/collect_provenance.py"
