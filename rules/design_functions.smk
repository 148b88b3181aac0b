# These functions say which designs are made, with which models, and what they depend on.
DESIGN = CONFIGURATION.design
DESIGNS = DESIGN["designs"]
# The models of these data sets design sequences.
DESIGNED_DATASETS = [dataset for dataset in MEASURED_DATASETS if DESIGNS and CONFIGURATION.study(dataset)["design"]]
STUDENT_DESIGNS = [name for name, design in DESIGNS.items() if design["designer"] == "student"]
for dataset in DESIGNED_DATASETS:
    if STUDENT_DESIGNS and not CONFIGURATION.study(dataset)["students"]:
        raise WorkflowError(
            f"configuration: design.designs.{STUDENT_DESIGNS[0]}.designer: '{dataset}' has no students\n"
            "  expected: a student in `study.students`\n"
            f"  remedy:   name a student, or take '{STUDENT_DESIGNS[0]}' out of `design.run`"
        )


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
    folder = STUDENT if wildcards.design in STUDENT_DESIGNS else ENSEMBLE
    return f"{folder}/predictions.h5".format(**{**wildcards, "student": designing_student(wildcards.dataset)})


def designer_seeds(wildcards):
    """Return the seeds of these models."""
    if wildcards.design in STUDENT_DESIGNS:
        return student_seeds(wildcards.dataset)
    return member_seeds(wildcards.dataset, wildcards.teacher)


def design_files(wildcards):
    """Return the files of the designs of a teacher; those of a baseline are its teacher's."""
    if wildcards.dataset not in DESIGNED_DATASETS:
        return []
    folder = f"{ENSEMBLE}/designs".format(**{**wildcards, "teacher": wildcards.teacher.partition("-")[0]})
    return [f"{folder}/{name}.h5" for name in DESIGNS]


def designs_at_highest_fraction(wildcards):
    """Return the files of the designs of a teacher that was trained on the highest fraction."""
    chosen = {"teacher": wildcards.teacher, "fraction": highest_fraction(wildcards.dataset), "design": DESIGNS}
    return expand_study(f"{ENSEMBLE}/designs/{{design}}.h5", wildcards.dataset, **chosen)


def predicted_designs(wildcards):
    """Return what designers predict for all designs: the members and, where one designs, the students."""
    chosen = {"teacher": wildcards.teacher, "fraction": highest_fraction(wildcards.dataset)}
    files = {"members": f"{ENSEMBLE}/shifts.h5"} | ({"students": f"{STUDENT}/shifts.h5"} if STUDENT_DESIGNS else {})
    student = designing_student(wildcards.dataset) if STUDENT_DESIGNS else ""
    return {name: expand_study(path, wildcards.dataset, **chosen, student=student)[0] for name, path in files.items()}


def reference_of_designs(wildcards):
    """Return what the reference ensemble predicts for designs; nothing where the truth is known."""
    if has_truth(wildcards.dataset):
        return []
    chosen = {"teacher": wildcards.teacher, "fraction": highest_fraction(wildcards.dataset)}
    return expand_study(f"{ENSEMBLE}/reference/shifts.h5", wildcards.dataset, **chosen)
