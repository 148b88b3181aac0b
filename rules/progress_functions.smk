# These functions tell what a run trains when its jobs begin, and write it down for the jobs, which tell how far the run is.
from datetime import datetime, timezone

# Jobs of these rules train models.
TRAINING_RULES = ("train_member", "train_member_pack", "train_student", "train_student_pack")


def begin_trainings():
    """Write the plan of the trainings for the jobs, and tell what is trained and about how long that takes."""
    jobs = [job for job in workflow.dag.needrun_jobs() if job.rule.name in TRAINING_RULES]
    PLAN.unlink(missing_ok=True)
    if not jobs or workflow.touch:
        return
    plan = Plan(
        started=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        at_once=trainings_at_once(jobs),
        jobs=[planned_job(job) for job in jobs],
        recipes={key_of_recipe(job): job.params.recipe for job in jobs},
    )
    write_plan(plan)
    logger.info(announcement(plan, {name: size for name in DATASETS if (size := size_of_training(name))}))


def trainings_at_once(jobs):
    """Return how many training jobs run side by side: as many as there are cores for, or as a cluster takes."""
    if not workflow.local_exec:
        return workflow.nodes or 1
    return max(1, workflow.cores // max(job.threads for job in jobs))


def key_of_recipe(job):
    """Return the key of the recipe that a job trains with, as a plan has it."""
    names = (job.wildcards.teacher, job.wildcards.get("student"))
    return "/".join(filter(None, names))


def planned_job(job):
    """Return a job of Snakemake as a plan has it."""
    return PlannedJob(
        record=str(Path(job.log[0]).with_suffix(".json")),
        dataset=job.wildcards.dataset,
        recipe=key_of_recipe(job),
        models=len(job.params.folders),
        fraction=float(job.wildcards.fraction),
        labelling=number_of_labelling_members(job),
    )


def number_of_labelling_members(job):
    """Return how many members label each batch of a job that trains students; 0 if none do."""
    recipe = job.params.recipe
    return (recipe["ensemble_size"] or len(job.params.members)) if recipe.get("labels") == "members" else 0


def size_of_training(dataset):
    """Return the size of the training split: that of the store or, before it is made, as the table has it; else None."""
    store = Path("results", dataset, "store.h5")
    if store.is_file():
        try:
            return Size(*read_size(store))
        except DeguError:
            # The job that reads it tells what is wrong.
            return None
    split = CONFIGURATION.datasets[dataset]["split"]
    if TABLE_SIZES.get(dataset) and split["method"] == "random":
        rows, length = TABLE_SIZES[dataset]
        return Size(round(rows * split["fractions"]["train"]), length)
    return None
