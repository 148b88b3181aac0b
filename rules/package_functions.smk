# These functions say which students are packaged, and what their folder tells of their data set.


def packaged(dataset):
    """Return the teachers and students of a data set whose folders a run makes, in pairs."""
    study = CONFIGURATION.study(dataset)
    pairs = [(teacher, student) for teacher in study["teachers"] for student in study["students"][:1]]
    return [pair for pair in pairs if "mean" in CONFIGURATION.student(*pair)["heads"]]


def predicts_epistemic(teacher, student):
    """Return whether a student has a head for the std over members, and so can have one for that of differences."""
    return "epistemic" in CONFIGURATION.student(teacher, student)["heads"]


def packaged_seeds(wildcards):
    """Return the seeds of the students that are packaged together: the first ones."""
    return student_seeds(wildcards.dataset)[: CONFIGURATION.study(wildcards.dataset)["packaged_students"]]


def packaged_files(name):
    """Return an input function for a file of each student that is packaged."""
    return lambda wildcards: model_files(STUDENT, wildcards, "seed", packaged_seeds(wildcards), name)


def facts_of_dataset(wildcards):
    """Return what the folder of a student tells of its data set and of its ensemble."""
    dataset = CONFIGURATION.datasets[wildcards.dataset]
    size, teacher = student_recipe(wildcards)["ensemble_size"], teacher_recipe(wildcards)
    return {
        "title": title(wildcards),
        "citation": dataset["citation"],
        "licence": dataset["licence"],
        # What became of the bias network of its members, if they have one.
        "bias": teacher["prediction"]["bias"] if teacher["bias"] else None,
        "members": size or len(member_seeds(wildcards.dataset, wildcards.teacher)),
    }


def difference_head(wildcards):
    """Return the head for the uncertainty of a difference and what it is worth, if the student is of an ensemble's std."""
    if not predicts_epistemic(wildcards.teacher, wildcards.student):
        return []
    return [f"{STUDENT}/difference.{suffix}".format(**wildcards) for suffix in ("keras", "json")]


def figure_of_card(wildcards):
    """Return the figure that the card of a student shows, which is one of the highest training fraction."""
    if wildcards.fraction != highest_fraction(wildcards.dataset):
        return []
    return ["figures/{dataset}/{teacher}/{student}/predictions.png".format(**wildcards)]
