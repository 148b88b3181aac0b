# Where every file of a run comes from: `snakemake provenance`.


rule provenance:
    input:
        figure_files(),
        summary_tables(),
    output:
        "results/provenance.tsv",
    log:
        "logs/provenance.log",
    benchmark:
        "benchmarks/jobs/provenance.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_digest("collect_provenance"),
    message:
        "Collecting where every file of the run comes from"
    script:
        "../scripts/collect_provenance.py"
