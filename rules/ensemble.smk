# Teachers: one job a member, or one job several members, then one file of all members' predictions.


rule train_member:
    input:
        store="results/{dataset}/store.h5",
    output:
        model=f"{ENSEMBLE}/member-{{seed}}/model.keras",
        description=f"{ENSEMBLE}/member-{{seed}}/model.json",
    log:
        "logs/train_member/{dataset}/{teacher}/fraction-{fraction}/member-{seed}.log",
    benchmark:
        "benchmarks/jobs/train_member/{dataset}/{teacher}/fraction-{fraction}/member-{seed}.tsv"
    conda:
        "../envs/training.yaml"
    # On two cores, two trainings of one thread side by side are faster than one of two threads.
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime="6h",
    params:
        recipe=training_recipe,
        folders=lambda wildcards: folders_of_pack(f"{ENSEMBLE}/member", wildcards, wildcards.seed),
        resampling=resampling,
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: training_code("train_member", teacher_recipe(wildcards)),
    message:
        "Training member {wildcards.seed} of {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/train_member.py"


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


# Both can make a member.
if CONFIGURATION.members_per_job > 1:

    ruleorder: unpack_member > train_member

else:

    ruleorder: train_member > unpack_member


rule predict_members:
    input:
        store="results/{dataset}/store.h5",
        models=member_files("model.keras"),
        descriptions=member_files("model.json"),
    output:
        f"{ENSEMBLE}/predictions.h5",
    log:
        "logs/predict_members/{dataset}/{teacher}/fraction-{fraction}.log",
    benchmark:
        "benchmarks/jobs/predict_members/{dataset}/{teacher}/fraction-{fraction}.tsv"
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime="1h",
    params:
        seeds=lambda wildcards: member_seeds(wildcards.dataset, wildcards.teacher),
        prediction=member_prediction,
        deterministic=CONFIGURATION.deterministic,
        code=code_digest("predict_members"),
    message:
        "Predicting with {wildcards.teacher} on {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/predict_members.py"
