# The packaging stage puts the students of an ensemble into a folder that can be given away, for `degu predict` and the
# other commands: the models, what they take, what their intervals come from, and a card that describes them.


include: "package_functions.smk"


rule train_difference_head:
    input:
        store="results/{dataset}/store.h5",
        members=member_files("model.keras"),
        descriptions=member_files("model.json"),
        ensemble=f"{ENSEMBLE}/predictions.h5",
        student=f"{STUDENT}/seed-1/model.keras",
        student_description=f"{STUDENT}/seed-1/model.json",
    output:
        model=f"{STUDENT}/difference.keras",
        description=f"{STUDENT}/difference.json",
        pairs=f"{STUDENT}/difference_pairs.parquet",
        coverage=f"{STUDENT}/difference_coverage.tsv",
    log:
        log_of("train_difference_head", PER_STUDENT),
    benchmark:
        benchmark_of("train_difference_head", PER_STUDENT)
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
        runtime="3h",
    params:
        members=lambda wildcards: member_seeds(wildcards.dataset, wildcards.teacher),
        ensemble_size=lambda wildcards: student_recipe(wildcards)["ensemble_size"],
        mutants=lambda wildcards: CONFIGURATION.study(wildcards.dataset)["difference_mutants"],
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=code_of("train_difference_head"),
    message:
        "Train the uncertainty of differences for {wildcards.student} of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/train_difference_head.py"


rule plot_difference_uncertainty:
    input:
        store="results/{dataset}/store.h5",
        pairs=at_highest_fraction(f"{STUDENT}/difference_pairs.parquet"),
        coverage=at_highest_fraction(f"{STUDENT}/difference_coverage.tsv"),
    output:
        figure_output("{dataset}/{teacher}/{student}/difference_uncertainty", "Uncertainty", "differences"),
    log:
        log_of("plot_difference_uncertainty", "{dataset}/{teacher}/{student}"),
    benchmark:
        benchmark_of("plot_difference_uncertainty", "{dataset}/{teacher}/{student}")
    localrule: True
    conda:
        "../envs/figures.yaml"
    params:
        units=units_of,
        title=lambda wildcards: f"{title_of_student(wildcards)}, test split",
        code=code_of("plot_difference_uncertainty"),
    message:
        "Plot the uncertainty of differences by {wildcards.student} of {wildcards.teacher} for {wildcards.dataset}"
    script:
        "../scripts/plot_difference_uncertainty.py"


rule package_student:
    input:
        store="results/{dataset}/store.h5",
        predictions=f"{STUDENT}/predictions.h5",
        difference=difference_head,
        figure=figure_of_card,
        models=packaged_files("model.keras"),
        descriptions=packaged_files("model.json"),
    output:
        directory(f"{STUDENT}/package"),
    log:
        log_of("package_student", PER_STUDENT),
    benchmark:
        benchmark_of("package_student", PER_STUDENT)
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 8000 * attempt,
        runtime="1h",
    params:
        facts=facts_of_dataset,
        seeds=packaged_seeds,
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        strands=lambda wildcards: student_recipe(wildcards)["strands"],
        units=units_of,
        code=code_of("package_student"),
    message:
        "Package the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/package_student.py"


# Of several students that a run compares, the first one is packaged; others are if one asks for their folder.
for dataset in MEASURED_DATASETS:
    for teacher, student in packaged(dataset):
        names = {"teacher": teacher, "student": student}
        RUN_TARGETS += expand_study(f"{STUDENT}/package", dataset, fraction=highest_fraction(dataset), **names)
        if predicts_epistemic(teacher, student):
            RUN_TARGETS += figure_files("{dataset}/{teacher}/{student}/difference_uncertainty", [dataset], **names)
