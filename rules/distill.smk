# The distillation stage makes training targets of what an ensemble predicts, and trains students on them. One job
# trains one student, or several (see packs.smk).


include: "distill_functions.smk"


# Without this check, Snakemake would tell of a missing input of the rule below, and not of the key that names it.
check_files_of_pools()


rule label_pool:
    input:
        store="results/{dataset}/store.h5",
        models=member_files("model.keras"),
        descriptions=member_files("model.json"),
        ensemble=f"{ENSEMBLE}/predictions.h5",
        files=files_of_pool,
    output:
        f"{ENSEMBLE}/pools/{{pool}}.h5",
    log:
        log_of("label_pool", PER_ENSEMBLE, "{pool}"),
    benchmark:
        benchmark_of("label_pool", PER_ENSEMBLE, "{pool}")
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 12000 * attempt,
        runtime="3h",
    params:
        pool=lambda wildcards: POOLS[wildcards.pool],
        contents=contents_of_pool,
        seeds=lambda wildcards: member_seeds(wildcards.dataset, wildcards.teacher),
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("label_pool", *pool_plugins(POOLS[wildcards.pool])),
    message:
        "Label the pool {wildcards.pool} with the members of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/label_pool.py"


rule build_student_targets:
    input:
        store="results/{dataset}/store.h5",
        predictions=f"{ENSEMBLE}/predictions.h5",
        pool=pool_of_student,
    output:
        f"{STUDENT}/targets.h5",
    log:
        log_of("build_student_targets", PER_STUDENT),
    benchmark:
        benchmark_of("build_student_targets", PER_STUDENT)
    # Profiles of a whole ensemble are too large for the machine that submits jobs.
    localrule: not COUNTED_DATASETS
    conda:
        "../envs/analysis.yaml"
    resources:
        mem_mb=memory(4000, members=1.5),
    params:
        recipe=lambda wildcards: {
            key: student_recipe(wildcards)[key]
            for key in ("heads", "uncertainty", "loss", "validation_targets", "ensemble_size", "pool", "profile_bins")
        },
        code=code_of("build_student_targets"),
    message:
        "Build the targets of {wildcards.student} from the ensemble {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/build_student_targets.py"


rule train_student:
    input:
        store="results/{dataset}/store.h5",
        targets=f"{STUDENT}/targets.h5",
        pool=pool_of_student,
        members=members_of_student("model.keras"),
        descriptions=members_of_student("model.json"),
        ensemble=ensemble_of_student,
        files=lambda wildcards: files_of(student_recipe(wildcards)["augmentation"]),
    output:
        model=f"{STUDENT}/seed-{{seed}}/model.keras",
        description=f"{STUDENT}/seed-{{seed}}/model.json",
    log:
        log_of("train_student", PER_STUDENT, "seed-{seed}"),
    benchmark:
        benchmark_of("train_student", PER_STUDENT, "seed-{seed}")
    conda:
        "../envs/training.yaml"
    # Two trainings of one thread each, side by side, use two cores better than one training of two threads.
    threads: 1
    resources:
        gpu=1,
        mem_mb=memory(6000, arrays=3.5),
        runtime="6h",
    params:
        recipe=student_recipe,
        folders=lambda wildcards: folders_of_pack(f"{STUDENT}/seed", wildcards, wildcards.seed),
        members=seeds_of_members_of_student,
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("train_student", *recipe_plugins(student_recipe(wildcards))),
    message:
        "Distil the ensemble {wildcards.teacher} into {wildcards.student}, seed {wildcards.seed}, on fraction {wildcards.fraction} of {wildcards.dataset}"
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
        log_of("predict_students", PER_STUDENT),
    benchmark:
        benchmark_of("predict_students", PER_STUDENT)
    params:
        seeds=lambda wildcards: student_seeds(wildcards.dataset),
        prediction={},
        model="student",
        unlearned="keep",
        deterministic=CONFIGURATION.deterministic,
        code=code_of("predict_members"),
    message:
        "Predict with the {wildcards.student} students of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
