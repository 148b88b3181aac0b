# These functions say which members an ensemble and its reference ensemble have, how these are trained and predict, and
# where their files are.


def model_files(folder, wildcards, model, seeds, name):
    """Return a file of every model in a folder, whose wildcards are filled in only once to save time."""
    filled = folder.format_map(wildcards)
    return [f"{filled}/{model}-{seed}/{name}" for seed in seeds]


def member_files(name):
    """Return an input function for a file of every member of an ensemble, whichever ensemble they were trained for."""

    def files(wildcards):
        dataset, teacher = wildcards.dataset, wildcards.teacher
        trained = {**wildcards, "teacher": trained_as(dataset, teacher)}
        return model_files(ENSEMBLE, trained, "member", member_seeds(dataset, teacher), name)

    return files


def reference_seeds(dataset):
    """Return the seeds of a reference ensemble's members, which follow those of the teacher's members."""
    study = CONFIGURATION.study(dataset)
    members = study["members"]
    return list(range(members + 1, members + 1 + (study["reference_members"] or members)))


def reference_files(name):
    """Return an input function for a file of every member of a reference ensemble."""
    return lambda wildcards: model_files(ENSEMBLE, wildcards, "member", reference_seeds(wildcards.dataset), name)


def resampling(wildcards):
    """Return how the training rows of each member are drawn; this is empty if all members have the same rows."""
    method = teacher_recipe(wildcards)["resampling"]
    if method == "none":
        return {}
    members = len(member_seeds(wildcards.dataset, trained_as(wildcards.dataset, wildcards.teacher)))
    return {"members": members, "method": method, "seed": CONFIGURATION.seed}


def member_prediction(wildcards):
    """Return how members predict with dropout, and its seed; this is empty if they predict without dropout."""
    settings = teacher_recipe(wildcards)["prediction"]
    return {**settings, "seed": CONFIGURATION.seed} if settings["dropout_passes"] else {}


def folders_of_pack(prefix, wildcards, seeds):
    """Return the folder of each model that a job trains, by seed; `seeds` is one seed, or the first and the last."""
    first, _, last = seeds.partition("-")
    return {seed: f"{prefix}-{seed}".format(**wildcards) for seed in range(int(first), int(last or first) + 1)}
