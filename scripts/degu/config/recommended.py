"""The recommended recipes in one file that is installed with the package, where there is no folder of configurations.

`make recipes` writes it from the files of the configuration, which stay the one place where the recipes are changed.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from degu.config.configuration import Configuration
from degu.config.schemas import complete, read_yaml
from degu.formats.files import write_text

# Members are trained by the first of these recipes, by the second one if there are replicates, or by the last one on
# request: it is for few sequences that mean the same on both strands.
TEACHERS = ("motif_cnn_noise", "motif_cnn_noise_replicates", "motif_cnn_small_assay")
STUDENT = "degu"
# A recipe names these, and has their settings in place of their names when it is resolved.
_INPUTS = ("augmentation", "pool")
# What a person reads in a schema, and what holds for whole recipes alone.
_LEFT_OUT = ("$schema", "description", "default", "required", "not")


def recommended(folder: Path) -> dict[str, Any]:
    """Return the recommended recipes, complete with their defaults.

    Parameters
    ----------
    folder
        The folder of configurations.

    Returns
    -------
    A mapping of `teachers`, the resolved recipes by name; `student`, the recipe that is laid over that of a teacher;
    `fractions`, the parts of the rows in each split; and `keys`, JSON schemas of what may be changed in the recipes of
    `teacher` and `student`
    """
    study = {"teachers": list(TEACHERS), "students": [STUDENT], "baselines": []}
    configuration = Configuration({"datasets": ["simulated_mpra"], "study": study}, [folder])
    schemas = {
        name: read_yaml(folder / "schemas" / f"{name}.schema.yaml")
        for name in ("teacher", "student", "dataset", "augmentation", "pool")
    }
    path = configuration.files.path_of("students", STUDENT)
    student = complete(read_yaml(path), schemas["student"], where=str(path))
    inputs = {"augmentation": configuration.augmentation, "pool": configuration.pool}
    student |= {key: inputs[key](student[key]) for key in _INPUTS if student[key] is not None}
    keys = {name: _keys(schemas[name], schemas) for name in ("teacher", "student")}
    # How a pipeline's members predict for its assessments is no part of a training, and nobody trains a bias network.
    for key in ("prediction", "bias"):
        del keys["teacher"]["properties"][key]
    return {
        "teachers": {name: configuration.teacher(name) for name in TEACHERS},
        "student": student,
        "fractions": schemas["dataset"]["properties"]["split"]["properties"]["fractions"]["default"],
        "keys": keys,
    }


def _keys(schema: Any, schemas: Mapping[str, Mapping]) -> Any:
    """Return a schema without its texts, in which inputs that are named are mappings."""
    if isinstance(schema, list):
        return [_keys(part, schemas) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    kept = {key: _keys(part, schemas) for key, part in schema.items() if key not in _LEFT_OUT}
    if isinstance(schema.get("properties"), Mapping):
        kept["properties"] = {key: _keys(part, schemas) for key, part in schema["properties"].items()}
        for name in _INPUTS:
            if name in kept["properties"]:
                kept["properties"][name] = {"anyOf": [{"type": "null"}, _keys(schemas[name], schemas)]}
    return kept


if __name__ == "__main__":
    library = Path(__file__).parents[1] / "library"
    content = recommended(Path(__file__).parents[3] / "config")
    write_text(library / "recipes.json", json.dumps(content, indent=1) + "\n")
