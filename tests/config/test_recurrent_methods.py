"""Which attribution methods explain recurrent networks."""

from degu.config.plugins import known_names
from degu.config.recurrent_methods import recurrent_methods


def test_all_methods_explain_them_but_those_with_rules_for_each_layer():
    assert set(known_names("attribution method")) - set(recurrent_methods()) == {"deep_shap", "shap_deep"}
