# Several members or students of one recipe trained in one job, then taken apart. Included only where a configuration asks
# for it: with a second rule for each model, planning takes half as long again.


use rule train_member as train_member_pack with:
    output:
        pack=temp(directory(f"{ENSEMBLE}/pack-{{pack}}")),
    log:
        "logs/train_member_pack/{dataset}/{teacher}/fraction-{fraction}/pack-{pack}.log",
    benchmark:
        "benchmarks/jobs/train_member_pack/{dataset}/{teacher}/fraction-{fraction}/pack-{pack}.tsv"
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: (6000 + 500 * CONFIGURATION.members_per_job) * attempt,
        runtime="12h",
    params:
        recipe=training_recipe,
        folders=lambda wildcards: folders_of_pack(f"{ENSEMBLE}/member", wildcards, wildcards.pack),
        resampling=resampling,
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: training_code("train_member", teacher_recipe(wildcards)),
    message:
        "Training members {wildcards.pack} of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"


rule unpack_member:
    input:
        pack=pack_of_member,
    output:
        model=f"{ENSEMBLE}/member-{{seed}}/model.keras",
        description=f"{ENSEMBLE}/member-{{seed}}/model.json",
    log:
        "logs/unpack_member/{dataset}/{teacher}/fraction-{fraction}/member-{seed}.log",
    benchmark:
        "benchmarks/jobs/unpack_member/{dataset}/{teacher}/fraction-{fraction}/member-{seed}.tsv"
    localrule: True
    conda:
        "../envs/analysis.yaml"
    params:
        code=code_digest("unpack_model"),
    message:
        "Unpacking member {wildcards.seed} of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/unpack_model.py"


use rule train_student as train_student_pack with:
    output:
        pack=temp(directory(f"{STUDENT}/pack-{{pack}}")),
    log:
        "logs/train_student_pack/{dataset}/{teacher}/fraction-{fraction}/{student}/pack-{pack}.log",
    benchmark:
        "benchmarks/jobs/train_student_pack/{dataset}/{teacher}/fraction-{fraction}/{student}/pack-{pack}.tsv"
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: (6000 + 500 * CONFIGURATION.students_per_job) * attempt,
        runtime="12h",
    params:
        recipe=student_recipe,
        folders=lambda wildcards: folders_of_pack(f"{STUDENT}/seed", wildcards, wildcards.pack),
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: training_code("train_student", student_recipe(wildcards)),
    message:
        "Distilling {wildcards.student}, seeds {wildcards.pack}, from {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"


use rule unpack_member as unpack_student with:
    input:
        pack=pack_of_student,
    output:
        model=f"{STUDENT}/seed-{{seed}}/model.keras",
        description=f"{STUDENT}/seed-{{seed}}/model.json",
    log:
        "logs/unpack_student/{dataset}/{teacher}/fraction-{fraction}/{student}/seed-{seed}.log",
    benchmark:
        "benchmarks/jobs/unpack_student/{dataset}/{teacher}/fraction-{fraction}/{student}/seed-{seed}.tsv"
    message:
        "Unpacking {wildcards.student}, seed {wildcards.seed}, of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"


if CONFIGURATION.members_per_job > 1:

    ruleorder: unpack_member > train_member

else:

    ruleorder: train_member > unpack_member


if CONFIGURATION.students_per_job > 1:

    ruleorder: unpack_student > train_student

else:

    ruleorder: train_student > unpack_student
