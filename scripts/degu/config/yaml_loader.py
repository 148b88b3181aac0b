"""A loader of YAML that refuses what a person reads in another way than YAML does."""

import re

import yaml

# The loader written in C is ten times as fast, but not every build of PyYAML has it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class RefusedYaml(yaml.YAMLError):
    """Valid YAML that probably means something else than what its author thinks.

    Parameters
    ----------
    what
        What is wrong, with its line.
    expected
        What would have been right.
    remedy
        What to do about it.
    """

    def __init__(self, what: str, *, expected: str, remedy: str) -> None:
        super().__init__(what)
        self.expected = expected
        self.remedy = remedy


class StrictLoader(_Loader):  # type: ignore[misc, valid-type]
    """A loader that refuses keys that are given twice and numbers in base 8 or 60, and that reads dates as text.

    YAML itself keeps the last value of a key that is given twice, without a word. It reads `010` as 8 and `1:30` as 90.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        """Return the mapping that a node stands for, with each key once."""
        lines: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in lines:
                raise RefusedYaml(
                    f"the key '{key.value}' is given twice, in lines {lines[key.value]} and {line}",
                    expected="each key once",
                    remedy="put what both hold under one key, or remove one",
                )
            lines[key.value] = line
        return super().construct_mapping(node, deep=deep)

    def construct_number(self, node: yaml.ScalarNode) -> int | float:
        """Return the number that a scalar stands for."""
        is_integer = node.tag.endswith(":int")
        read = self.construct_yaml_int if is_integer else self.construct_yaml_float
        if ":" in node.value or (is_integer and re.fullmatch(r"[-+]?0[0-9_]+", node.value)):
            raise RefusedYaml(
                f"line {node.start_mark.line + 1}: YAML reads {node.value} as the number {read(node)}",
                expected="a decimal number without leading zeros",
                remedy="write the number that is meant, or put the text in quotes if it is a name",
            )
        return read(node)


StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
for _kind in ("int", "float"):
    StrictLoader.add_constructor(f"tag:yaml.org,2002:{_kind}", StrictLoader.construct_number)
