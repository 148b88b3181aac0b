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
        return model_files(ENSEMBLE, trained, "member", member_seeds(dataset, teacher), named_for(teacher, name))

    return files


def named_for(teacher, name):
    """Return the name of a file of a member as an ensemble uses it, which may be without the member's bias network."""
    removed = CONFIGURATION.teacher(teacher)["prediction"]["bias"] == "remove"
    return name.replace("model.", "without_bias.") if removed else name


def bias_files(wildcards):
    """Return the bias network that a member contains, and its description; there are none if it contains none."""
    bias = teacher_recipe(wildcards)["bias"]
    if bias is None:
        return []
    trained = {**wildcards, "teacher": trained_as(wildcards.dataset, bias)}
    return [f"{ENSEMBLE}/member-1/{name}".format(**trained) for name in ("model.keras", "model.json")]


def reference_seeds(dataset):
    """Return the seeds of a reference ensemble's members, which follow those of the teacher's members."""
    study = CONFIGURATION.study(dataset)
    members = study["members"]
    return list(range(members + 1, members + 1 + (study["reference_members"] or members)))


def reference_files(name):
    """Return an input function for a file of every member of a reference ensemble."""

    def files(wildcards):
        dataset, teacher = wildcards.dataset, wildcards.teacher
        trained = {**wildcards, "teacher": trained_as(dataset, teacher)}
        return model_files(ENSEMBLE, trained, "member", reference_seeds(dataset), named_for(teacher, name))

    return files


def resampling(wildcards):
    """Return how the training rows of each member are drawn; this is empty if all members have the same rows."""
    method = teacher_recipe(wildcards)["resampling"]
    if method == "none":
        return {}
    members = len(member_seeds(wildcards.dataset, trained_as(wildcards.dataset, wildcards.teacher)))
    return {"members": members, "method": method, "seed": CONFIGURATION.seed}


def member_prediction(wildcards):
    """Return how members predict with dropout, and its seed; this is empty if they predict without dropout."""
    passes = teacher_recipe(wildcards)["prediction"]["dropout_passes"]
    return {"dropout_passes": passes, "seed": CONFIGURATION.seed} if passes else {}


def folders_of_pack(prefix, wildcards, seeds):
    """Return the folder of each model that a job trains, by seed; `seeds` is one seed, or the first and the last."""
    first, _, last = seeds.partition("-")
    return {seed: f"{prefix}-{seed}".format(**wildcards) for seed in range(int(first), int(last or first) + 1)}
