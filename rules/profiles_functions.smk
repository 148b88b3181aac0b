# These functions say which students predict profiles, and where the tables of their scores are.


def profile_students(dataset, teacher):
    """Return the students of a teacher that predict a profile as it does; there is none if it does not."""
    recipes = {name: CONFIGURATION.student(teacher, name) for name in CONFIGURATION.study(dataset)["students"]}
    if "profile" not in CONFIGURATION.teacher(teacher)["heads"]:
        return []
    return [name for name, recipe in recipes.items() if "profile" in recipe["heads"]]


def profile_tables(table):
    """Return an input function for a table of each student that predicts profiles, at the highest training fraction."""

    def files(wildcards):
        chosen = {
            "teacher": wildcards.teacher,
            "fraction": highest_fraction(wildcards.dataset),
            "student": profile_students(wildcards.dataset, wildcards.teacher),
        }
        return expand_study(f"{STUDENT}/{table}", wildcards.dataset, **chosen)

    return files


def profile_figures(pattern, **chosen):
    """Return the files of a figure for each teacher, and student if its path has one, that predicts profiles."""
    return [
        path
        for dataset in COUNTED_DATASETS
        for teacher in CONFIGURATION.study(dataset)["teachers"]
        if (students := profile_students(dataset, teacher))
        for path in figure_files(pattern, [dataset], teacher=teacher, student=students, **chosen)
    ]
