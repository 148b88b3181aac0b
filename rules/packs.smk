# These rules train several members or students of one recipe in one job, then put each model into its own folder. They
# are included only where a configuration asks for them, since a second rule for each model makes planning take half as
# long again.


include: "packs_functions.smk"


use rule train_member as train_member_pack with:
    output:
        pack=temp(directory(f"{ENSEMBLE}/pack-{{pack}}")),
    log:
        log_of("train_member_pack", PER_ENSEMBLE, "pack-{pack}"),
    benchmark:
        benchmark_of("train_member_pack", PER_ENSEMBLE, "pack-{pack}")
    resources:
        gpu=1,
        mem_mb=memory(6000 + 500 * CONFIGURATION.members_per_job, arrays=3.5),
        runtime="12h",
    params:
        recipe=training_recipe,
        folders=lambda wildcards: folders_of_pack(f"{ENSEMBLE}/member", wildcards, wildcards.pack),
        resampling=resampling,
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("train_member", *recipe_plugins(teacher_recipe(wildcards))),
    message:
        "Train members {wildcards.pack} of {wildcards.teacher} on fraction {wildcards.fraction} of {wildcards.dataset}"


rule unpack_member:
    input:
        pack=pack_of_member,
    output:
        model=f"{ENSEMBLE}/member-{{seed}}/model.keras",
        description=f"{ENSEMBLE}/member-{{seed}}/model.json",
    log:
        log_of("unpack_member", PER_ENSEMBLE, "member-{seed}"),
    benchmark:
        benchmark_of("unpack_member", PER_ENSEMBLE, "member-{seed}")
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_of("unpack_model"),
    message:
        "Unpack member {wildcards.seed} of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/unpack_model.py"


use rule train_student as train_student_pack with:
    output:
        pack=temp(directory(f"{STUDENT}/pack-{{pack}}")),
    log:
        log_of("train_student_pack", PER_STUDENT, "pack-{pack}"),
    benchmark:
        benchmark_of("train_student_pack", PER_STUDENT, "pack-{pack}")
    resources:
        gpu=1,
        mem_mb=memory(6000 + 500 * CONFIGURATION.students_per_job, arrays=3.5),
        runtime="12h",
    params:
        recipe=student_recipe,
        folders=lambda wildcards: folders_of_pack(f"{STUDENT}/seed", wildcards, wildcards.pack),
        members=lambda wildcards: member_seeds(wildcards.dataset, wildcards.teacher),
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("train_student", *recipe_plugins(student_recipe(wildcards))),
    message:
        "Distil the ensemble {wildcards.teacher} into {wildcards.student}, seeds {wildcards.pack}, on fraction {wildcards.fraction} of {wildcards.dataset}"


use rule unpack_member as unpack_student with:
    input:
        pack=pack_of_student,
    output:
        model=f"{STUDENT}/seed-{{seed}}/model.keras",
        description=f"{STUDENT}/seed-{{seed}}/model.json",
    log:
        log_of("unpack_student", PER_STUDENT, "seed-{seed}"),
    benchmark:
        benchmark_of("unpack_student", PER_STUDENT, "seed-{seed}")
    localrule: True
    message:
        "Unpack {wildcards.student}, seed {wildcards.seed}, of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"


if CONFIGURATION.members_per_job > 1:

    ruleorder: unpack_member > train_member

else:

    ruleorder: train_member > unpack_member


if CONFIGURATION.students_per_job > 1:

    ruleorder: unpack_student > train_student

else:

    ruleorder: train_student > unpack_student
