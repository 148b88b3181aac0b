# These functions say which designs are made, with which models, and what they depend on.
DESIGN = CONFIGURATION.design
DESIGNS = DESIGN["designs"]
STUDENT_DESIGNS = [name for name, design in DESIGNS.items() if design["designer"] == "student"]


def designs_of(dataset):
    """Return the designs that are made for a data set; without students, students design nothing."""
    study = CONFIGURATION.study(dataset)
    left_out = () if study["students"] else STUDENT_DESIGNS
    return [name for name in DESIGNS if name not in left_out] if study["design"] else []


if workflow.is_main_process:
    for dataset in MEASURED_DATASETS:
        left_out = [name for name in DESIGNS if name not in designs_of(dataset)]
        if CONFIGURATION.study(dataset)["design"] and left_out:
            logger.info(f"{dataset} has no students, so that designs by students are left out: {', '.join(left_out)}")
# The models of these data sets design sequences.
DESIGNED_DATASETS = [dataset for dataset in MEASURED_DATASETS if designs_of(dataset)]


def design_settings(wildcards):
    """Return the settings of a design, with its name and the numbers of its steps."""
    return {"name": wildcards.design, "steps": DESIGN["steps"], **DESIGNS[wildcards.design]}


def designing_student(dataset):
    """Return the recipe of the student that designs."""
    return CONFIGURATION.study(dataset)["students"][0]


def designer_files(name):
    """Return an input function for a file of each model that may design: all members, or all students of a recipe."""

    def files(wildcards):
        if wildcards.design not in STUDENT_DESIGNS:
            return member_files(name)(wildcards)
        student = {**wildcards, "student": designing_student(wildcards.dataset)}
        return model_files(STUDENT, student, "seed", student_seeds(wildcards.dataset), name)

    return files


def designer_predictions(wildcards):
    """Return the predictions that tell which of these models have learned."""
    if wildcards.design not in STUDENT_DESIGNS:
        return f"{ENSEMBLE}/predictions.h5".format(**wildcards)
    return f"{STUDENT}/predictions.h5".format(**wildcards, student=designing_student(wildcards.dataset))


def designer_seeds(wildcards):
    """Return the seeds of these models."""
    if wildcards.design in STUDENT_DESIGNS:
        return student_seeds(wildcards.dataset)
    return member_seeds(wildcards.dataset, wildcards.teacher)


def design_files(wildcards):
    """Return the files of the designs of a teacher; those of a baseline are its teacher's."""
    return files_of_designs(wildcards.dataset, wildcards.teacher, wildcards.fraction)


def files_of_designs(dataset, teacher, fraction):
    """Return the files of the designs of a teacher that was trained on a fraction."""
    teacher = teacher.partition("-")[0]
    folder = f"{ENSEMBLE}/designs".format(dataset=dataset, teacher=teacher, fraction=fraction)
    return [f"{folder}/{name}.h5" for name in designs_of(dataset)]


def designs_at_highest_fraction(wildcards):
    """Return the files of the designs of a teacher that was trained on the highest fraction."""
    return files_of_designs(wildcards.dataset, wildcards.teacher, highest_fraction(wildcards.dataset))


def predicted_designs(wildcards):
    """Return what designers predict for all designs: the members and, where one designs, the students."""
    chosen = {**wildcards, "fraction": highest_fraction(wildcards.dataset)}
    files = {"members": f"{ENSEMBLE}/shifts.h5".format(**chosen)}
    if set(STUDENT_DESIGNS) & set(designs_of(wildcards.dataset)):
        student = designing_student(wildcards.dataset)
        files["students"] = f"{STUDENT}/shifts.h5".format(**chosen, student=student)
    return files


def reference_of_designs(wildcards):
    """Return what the reference ensemble predicts for designs; nothing where the truth is known."""
    if has_truth(wildcards.dataset):
        return []
    chosen = {"teacher": wildcards.teacher, "fraction": highest_fraction(wildcards.dataset)}
    return expand_study(f"{ENSEMBLE}/reference/shifts.h5", wildcards.dataset, **chosen)
