# Teachers: one job a member (or several, packs.smk), then one file of all members' predictions.


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
