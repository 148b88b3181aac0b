# The stage of active learning hides the labels of the training split, lets strategies choose which of them are shown next,
# round by round, and compares how accurate the models become.


include: "active_learning_functions.smk"


wildcard_constraints:
    strategy="|".join(STRATEGIES) or "none",


rule begin_active_learning:
    input:
        store="results/{dataset}/store.h5",
        files=files_of_learning,
    output:
        directory(FIRST_ROUND),
    log:
        log_of("begin_active_learning", PER_LEARNER, "seed-{seed}"),
    benchmark:
        benchmark_of("begin_active_learning", PER_LEARNER, "seed-{seed}")
    conda:
        "../envs/training.yaml"
    # Two jobs of one thread each, side by side, use two cores better than one job of two threads.
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime="6h",
    params:
        plan=FIRST_PLAN,
        teacher=training_recipe,
        student=student_recipe,
        members=ACTIVE_LEARNING["members"],
        folder=f"{FIRST_ROUND}-checkpoints",
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("begin_active_learning", *plugins_of_learning(wildcards)),
    message:
        "Train the first models of active learning, seed {wildcards.seed}, with {wildcards.teacher} and {wildcards.student} on {wildcards.dataset}"
    script:
        "../scripts/begin_active_learning.py"


rule learn_actively:
    input:
        store="results/{dataset}/store.h5",
        first=FIRST_ROUND,
        files=files_of_learning,
    output:
        **{name: f"results/{PER_LEARNER}/{{strategy}}/seed-{{seed}}/{file}" for name, file in LEARNED_TABLES.items()},
    log:
        log_of("learn_actively", PER_LEARNER, "{strategy}-{seed}"),
    benchmark:
        benchmark_of("learn_actively", PER_LEARNER, "{strategy}-{seed}")
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime="12h",
    params:
        plan=plan_of_learning,
        teacher=training_recipe,
        student=student_recipe,
        members=ACTIVE_LEARNING["members"],
        folder=f"results/{PER_LEARNER}/{{strategy}}/seed-{{seed}}-rounds",
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("learn_actively", *plugins_of_learning(wildcards), strategy_plugin(wildcards)),
    message:
        "Learn actively by {wildcards.strategy}, seed {wildcards.seed}, with {wildcards.teacher} and {wildcards.student} on {wildcards.dataset}"
    script:
        "../scripts/learn_actively.py"


rule summarize_active_learning:
    input:
        scores=tables_of_learning("scores"),
        costs=tables_of_learning("costs"),
    output:
        **{name: f"results/{PER_LEARNER}/{name}.tsv" for name in SUMMARIES_OF_LEARNING},
        page=report(
            f"results/{PER_LEARNER}/active_learning.html",
            caption="../resources/captions/summarize_active_learning.rst",
            category="{dataset}",
            subcategory="Active learning",
            labels=report_labels(PER_LEARNER, "strategies beside random choice"),
        ),
    log:
        log_of("summarize_active_learning", PER_LEARNER),
    benchmark:
        benchmark_of("summarize_active_learning", PER_LEARNER)
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        title=title_of_student,
        code=code_of("summarize_active_learning"),
    message:
        "Compare the strategies of active learning with {wildcards.teacher} and {wildcards.student} on {wildcards.dataset}"
    script:
        "../scripts/summarize_active_learning.py"


rule plot_active_learning:
    input:
        curves=f"results/{PER_LEARNER}/curves.tsv",
        comparison=f"results/{PER_LEARNER}/comparison.tsv",
    output:
        figure_output(
            "{dataset}/{teacher}/{student}/active_learning", "Active learning", "accuracy against labels by strategy"
        ),
    log:
        log_of("plot_active_learning", PER_LEARNER),
    benchmark:
        benchmark_of("plot_active_learning", PER_LEARNER)
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        title=title_of_student,
        code=code_of("plot_active_learning"),
    message:
        "Plot active learning with {wildcards.teacher} and {wildcards.student} on {wildcards.dataset}"
    script:
        "../scripts/plot_active_learning.py"


RUN_TARGETS += figure_files("{dataset}/{teacher}/{student}/active_learning", ACTIVE_DATASETS)
RUN_TARGETS += [
    path for dataset in ACTIVE_DATASETS for path in expand_study(f"results/{PER_LEARNER}/active_learning.html", dataset)
]
add_claims("active learning", f"results/{PER_LEARNER}/claims.tsv", ACTIVE_DATASETS)
