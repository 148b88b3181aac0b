# The ensemble stage trains the members of each teacher and baseline, and saves what all members of an ensemble predict
# in one file. One job trains one member, or several (see packs.smk). Where a teacher has a bias network, which is a member
# of another teacher, that one is trained first.


include: "ensemble_functions.smk"


rule train_member:
    input:
        store="results/{dataset}/store.h5",
        files=lambda wildcards: files_of(teacher_recipe(wildcards)["augmentation"]),
        bias=bias_files,
    output:
        model=f"{ENSEMBLE}/member-{{seed}}/model.keras",
        description=f"{ENSEMBLE}/member-{{seed}}/model.json",
    log:
        log_of("train_member", PER_ENSEMBLE, "member-{seed}"),
    benchmark:
        benchmark_of("train_member", PER_ENSEMBLE, "member-{seed}")
    conda:
        "../envs/training.yaml"
    # Two trainings of one thread each, side by side, use two cores better than one training of two threads.
    threads: 1
    resources:
        gpu=1,
        mem_mb=memory(6000, arrays=3.5),
        runtime="6h",
    params:
        recipe=training_recipe,
        folders=lambda wildcards: folders_of_pack(f"{ENSEMBLE}/member", wildcards, wildcards.seed),
        resampling=resampling,
        seed=CONFIGURATION.seed,
        deterministic=CONFIGURATION.deterministic,
        code=lambda wildcards: code_of("train_member", *recipe_plugins(teacher_recipe(wildcards))),
    message:
        "Train member {wildcards.seed} of {wildcards.teacher} on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/train_member.py"


rule remove_bias:
    input:
        model=f"{ENSEMBLE}/member-{{seed}}/model.keras",
        description=f"{ENSEMBLE}/member-{{seed}}/model.json",
    output:
        model=f"{ENSEMBLE}/member-{{seed}}/without_bias.keras",
        description=f"{ENSEMBLE}/member-{{seed}}/without_bias.json",
    log:
        log_of("remove_bias", PER_ENSEMBLE, "member-{seed}"),
    benchmark:
        benchmark_of("remove_bias", PER_ENSEMBLE, "member-{seed}")
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
    params:
        deterministic=CONFIGURATION.deterministic,
        code=code_of("remove_bias"),
    message:
        "Take the bias network out of member {wildcards.seed} of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/remove_bias.py"


rule predict_members:
    input:
        store="results/{dataset}/store.h5",
        models=member_files("model.keras"),
        descriptions=member_files("model.json"),
    output:
        f"{ENSEMBLE}/predictions.h5",
    log:
        log_of("predict_members", PER_ENSEMBLE),
    benchmark:
        benchmark_of("predict_members", PER_ENSEMBLE)
    conda:
        "../envs/training.yaml"
    threads: 1
    resources:
        gpu=1,
        mem_mb=memory(6000, arrays=0.5, members=2),
        runtime="1h",
    params:
        seeds=lambda wildcards: member_seeds(wildcards.dataset, wildcards.teacher),
        prediction=member_prediction,
        model="member",
        unlearned=lambda wildcards: CONFIGURATION.study(wildcards.dataset)["unlearned_members"],
        deterministic=CONFIGURATION.deterministic,
        code=code_of("predict_members"),
    message:
        "Predict with the members of {wildcards.teacher}, trained on fraction {wildcards.fraction} of {wildcards.dataset}"
    script:
        "../scripts/predict_members.py"
