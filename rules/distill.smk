# Students: targets from one ensemble's predictions, one job a student.


rule build_student_targets:
    input:
        store="results/{dataset}/store.h5",
        predictions=f"{ENSEMBLE}/predictions.h5",
    output:
        f"{STUDENT}/targets.h5",
    log:
        "logs/build_student_targets/{dataset}/{teacher}/fraction-{fraction}/{student}.log",
    benchmark:
        "benchmarks/jobs/build_student_targets/{dataset}/{teacher}/fraction-{fraction}/{student}.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        recipe=lambda wildcards: {
            key: student_recipe(wildcards)[key]
            for key in ("heads", "uncertainty", "loss", "validation_targets", "ensemble_size")
        },
        code=code_digest("build_student_targets"),
    message:
        "Building targets of {wildcards.student} from {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/build_student_targets.py"


rule train_student:
    input:
        store="results/{dataset}/store.h5",
        targets=f"{STUDENT}/targets.h5",
    output:
        model=f"{STUDENT}/seed-{{seed}}/model.keras",
        description=f"{STUDENT}/seed-{{seed}}/model.json",
    log:
        "logs/train_student/{dataset}/{teacher}/fraction-{fraction}/{student}/seed-{seed}.log",
    benchmark:
        "benchmarks/jobs/train_student/{dataset}/{teacher}/fraction-{fraction}/{student}/seed-{seed}.tsv"
    conda:
        "../envs/training.yaml"
    # On two cores, two trainings of one thread side by side are faster than one of two threads.
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime="6h",
    params:
        recipe=student_recipe,
        folders=lambda wildcards: folders_of_pack(f"{STUDENT}/seed", wildcards, wildcards.seed),
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: training_code("train_student", student_recipe(wildcards)),
    message:
        "Distilling {wildcards.student}, seed {wildcards.seed}, from {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/train_student.py"


use rule predict_members as predict_students with:
    input:
        store="results/{dataset}/store.h5",
        models=student_files("model.keras"),
        descriptions=student_files("model.json"),
    output:
        f"{STUDENT}/predictions.h5",
    log:
        "logs/predict_students/{dataset}/{teacher}/fraction-{fraction}/{student}.log",
    benchmark:
        "benchmarks/jobs/predict_students/{dataset}/{teacher}/fraction-{fraction}/{student}.tsv"
    params:
        seeds=lambda wildcards: student_seeds(wildcards.dataset),
        prediction={},
        deterministic=CONFIGURATION.deterministic,
        code=code_digest("predict_members"),
    message:
        "Predicting with {wildcards.student} of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
