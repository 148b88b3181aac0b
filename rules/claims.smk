# This stage puts the claims of all others into one table.


rule collect_claims:
    input:
        [path for _, path in CLAIMS],
    output:
        table="results/claims.tsv",
        page=report(
            "results/claims.html",
            caption="../resources/captions/collect_claims.rst",
            category="Summary",
            labels={"result": "claims of the paper, and whether they hold in this run"},
        ),
    log:
        log_of("collect_claims"),
    benchmark:
        benchmark_of("collect_claims")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        labels=[labels for labels, _ in CLAIMS],
        code=code_of("collect_claims"),
    message:
        "Collect the claims of the run, and whether they hold, in one table"
    script:
        "../scripts/collect_claims.py"


if CLAIMS:
    RUN_TARGETS.append("results/claims.tsv")
