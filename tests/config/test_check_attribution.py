"""The settings that tell how predictions are explained."""

import pytest

from degu.config.plugins import known_names
from degu.errors import DeguError


def test_by_default_nothing_is_explained(configure):
    assert configure().attribution == {
        "run": [],
        "methods": {},
        "teachers": {},
        "heads": ["mean"],
        "sequences": {"top": 1000, "quantiles": 4, "per_quantile": 100},
        "background": {"method": "dinucleotide_shuffle", "number": 100},
        "gradient_correction": True,
        "motifs": {
            "method": None,
            "head": "mean",
            "window": 21,
            "flank": 10,
            "width": 30,
            "max_seqlets": 20000,
            "min_seqlets": 20,
            "runs": 50,
            "database": "resources/jaspar_2024_vertebrates.meme",
            "significance": 0.05,
        },
    }


def test_the_methods_that_are_run_stand_in_the_order_of_the_run(configure):
    own = {"many": {"method": "smoothgrad", "samples": 200}, "idle": {"method": "saliency"}}
    settings = {"run": ["saliency", "many", "deep_shap"], "methods": own, "sequences": {"top": 5}}
    attribution = configure({"attribution": settings}).attribution
    assert list(attribution["methods"].items()) == [
        ("saliency", {"method": "saliency"}),
        ("many", {"method": "smoothgrad", "samples": 200}),
        ("deep_shap", {"method": "deep_shap"}),
    ]
    assert attribution["sequences"] == {"top": 5, "quantiles": 4, "per_quantile": 100}


def test_a_configured_method_replaces_the_module_with_the_same_name(configure):
    own = {"smoothgrad": {"method": "smoothgrad", "std": 0.3}}
    assert configure({"attribution": {"run": ["smoothgrad"], "methods": own}}).attribution["methods"] == own


@pytest.mark.parametrize("name", known_names("attribution method"))
def test_every_method_of_the_library_can_be_run_by_its_name(configure, name):
    assert configure({"attribution": {"run": [name]}}).attribution["methods"] == {name: {"method": name}}


@pytest.mark.parametrize("name", known_names("background"))
def test_every_kind_of_background_can_be_named(configure, name):
    background = configure({"attribution": {"background": {"method": name}}}).attribution["background"]
    assert background == {"method": name, "number": 100}


@pytest.mark.parametrize(
    ("attribution", "message"),
    [
        (
            {"run": ["deep_shp"]},
            r"attribution\.run: there is no attribution method 'deep_shp'\n  expected: did you mean 'deep_shap'",
        ),
        ({"run": ["differences"]}, r"attribution\.run: there is no attribution method 'differences'"),
        (
            {"run": ["mne"], "methods": {"mine": {"method": "saliency"}}},
            r"attribution\.run: there is no attribution method 'mne'\n  expected: did you mean 'mine'",
        ),
        # A mistake is reported even in a method that is not run.
        (
            {"methods": {"mine": {"method": "saliensy"}}},
            r"attribution\.methods\.mine\.method: there is no attribution method 'saliensy'\n.*did you mean 'saliency'",
        ),
        (
            {"methods": {"mine": {"method": "smoothgrad", "sample": 4}}},
            r"attribution\.methods\.mine: unknown option 'sample'\n  expected: did you mean 'samples'",
        ),
        (
            {"methods": {"mine": {"method": "integrated_gradients", "steps": "many"}}},
            r"attribution\.methods\.mine\.steps: 'many' is not of type int",
        ),
        (
            {"methods": {"mine": {"method": "shap_deep", "hypothetical": True}}},
            r"attribution\.methods\.mine: unknown option 'hypothetical'\n  expected: known: none",
        ),
        (
            {"methods": {"mine": {"method": "shap_gradient", "nsamples": 100}}},
            r"attribution\.methods\.mine: unknown option 'nsamples'\n  expected: did you mean 'samples'",
        ),
        (
            {"methods": {"mine": {"method": "shap_gradient", "samples": 0}}},
            r"attribution\.methods\.mine\.samples: 0",
        ),
        (
            {"methods": {"mine": {"method": "shap_gradient", "samples": 2.5}}},
            r"attribution\.methods\.mine\.samples: 2\.5",
        ),
        ({"methods": {"mine": {"method": "shap_gradient", "seed": -1}}}, r"attribution\.methods\.mine\.seed: -1"),
        ({"methods": {"mine": {"steps": 3}}}, r"attribution\.methods\.mine: the key 'method' is missing"),
        (
            {"methods": {"my own": {"method": "saliency"}}},
            r"attribution\.methods: the name 'my own'\n  expected: letters, digits and underscores",
        ),
        ({"methods": {"a/b": {"method": "saliency"}}}, r"attribution\.methods: the name 'a/b'"),
        (
            {"background": {"method": "shuffle"}},
            r"attribution\.background\.method: there is no background 'shuffle'",
        ),
        ({"background": {"number": 0}}, r"configuration: attribution\.background\.number: "),
        ({"heads": ["aleatoric"]}, r"attribution\.heads: heads \['aleatoric'\]"),
        ({"sequences": {"top": 0}}, r"attribution\.sequences\.top: 0"),
        ({"sequences": {"quantiles": 0}}, r"configuration: attribution\.sequences\.quantiles: "),
        ({"heads": ["lower"]}, r"configuration: attribution\.heads\.0: "),
        ({"heads": ["mean", "profile_epistemic"]}, r"configuration: attribution\.heads\.1: "),
        ({"motifs": {"database": ""}}, r"configuration: attribution\.motifs\.database: "),
        ({"heads": []}, r"configuration: attribution\.heads: "),
        ({"heads": ["mean", "mean"]}, r"configuration: attribution\.heads: "),
        ({"run": ["saliency", "saliency"]}, r"configuration: attribution\.run: "),
        (
            {"gradient_corection": False},
            r"attribution: unknown key .gradient_corection.\n.*did you mean .gradient_correction.",
        ),
    ],
)
def test_a_mistake_in_the_attribution_is_reported(configure, attribution, message):
    with pytest.raises(DeguError, match=message):
        configure({"attribution": attribution})


# Methods of one teacher

DEEP_SHAP = {"hypothetical": {"method": "deep_shap", "hypothetical": True}}
GRADIENTS = {"along": {"method": "integrated_gradients", "hypothetical": True, "steps": 5}}


def test_a_teacher_may_have_methods_of_its_own(configure):
    own = {"run": ["hypothetical", "saliency"], "methods": {**DEEP_SHAP, **GRADIENTS}, "heads": ["mean", "profile"]}
    own["motifs"] = {"method": "hypothetical"}
    assert configure({"attribution": own}).attribution_of("big")["methods"] == {
        **DEEP_SHAP,
        "saliency": {"method": "saliency"},
    }
    for names, motifs in ((["saliency", "along"], "along"), (["saliency"], None), ([], None)):
        configuration = configure({"attribution": {**own, "teachers": {"big": names}}})
        settings = configuration.attribution_of("big")
        assert list(settings["methods"]) == names
        assert settings["motifs"] == {**configuration.attribution["motifs"], "method": motifs}
        assert settings["heads"] == ["mean", "profile"]
        # Any other teacher is explained by what is run.
        assert list(configuration.attribution_of("other")["methods"]) == ["hypothetical", "saliency"]
        assert configuration.attribution_of("other")["motifs"]["method"] == "hypothetical"


def test_motifs_may_be_searched_in_the_maps_of_a_method_of_one_teacher(configure):
    own = {"methods": GRADIENTS, "teachers": {"big": ["along"]}, "motifs": {"method": "along"}}
    configuration = configure({"attribution": own})
    assert configuration.attribution_of("big")["motifs"]["method"] == "along"
    assert configuration.attribution_of("other")["motifs"]["method"] is None


@pytest.mark.parametrize(
    ("teachers", "message"),
    [
        (
            {"big": ["deep_shp"]},
            r"attribution\.teachers\.big: there is no attribution method 'deep_shp'\n.*'deep_shap'",
        ),
        ({"bog": ["saliency"]}, r"attribution\.teachers: there is no teacher 'bog'"),
        ({"big": "saliency"}, r"attribution\.teachers\.big: "),
    ],
)
def test_a_mistake_in_the_methods_of_a_teacher_is_reported(configure, teachers, message):
    with pytest.raises(DeguError, match=message):
        configure({"attribution": {"teachers": teachers}})


# Recurrent networks

KNOWN = "expected_gradients, in_silico_mutagenesis, integrated_gradients, saliency, shap_gradient, smoothgrad"


def recurrent(configure, attribution, study=None, student=None):
    """Configure a recurrent teacher."""
    configure(study={"explain": False})
    path = configure.folder / "teachers" / "rnn.yaml"
    path.write_text("model: {name: dream_rnn}\nheads: [mean, aleatoric]\n")
    study = {"teachers": ["big", "rnn"], **(study or {})}
    return configure({"attribution": attribution}, study=study, student=student)


@pytest.mark.parametrize("run", [["saliency", "deep_shap"], ["shap_deep"], ["hypothetical"]])
def test_deep_shap_of_a_recurrent_network_is_refused(configure, run):
    message = (
        rf"^configuration: attribution\.run: '{run[-1]}' does not explain 'rnn', because the network dream_rnn is "
        rf"recurrent\n  expected: methods by {KNOWN}\n  remedy: .*"
        r"`attribution: {teachers: {rnn: \[integrated_gradients\]}}`"
    )
    with pytest.raises(DeguError, match=message):
        recurrent(configure, {"run": run, "methods": DEEP_SHAP})


def test_it_is_refused_where_the_teacher_names_it_and_where_a_student_is_recurrent(configure):
    with pytest.raises(DeguError, match=r"attribution\.teachers\.rnn: 'deep_shap' does not explain 'rnn'"):
        recurrent(configure, {"teachers": {"rnn": ["deep_shap"]}})
    study, student = {"teachers": ["big"]}, {"model": {"name": "dream_rnn"}}
    with pytest.raises(DeguError, match=r"attribution\.run: 'deep_shap' does not explain 'plain'.*\n.*\n.*{big: "):
        recurrent(configure, {"run": ["deep_shap"]}, study, student)


def test_other_methods_of_recurrent_networks_are_not_refused(configure):
    every = KNOWN.split(", ")
    assert list(recurrent(configure, {"run": every}).attribution_of("rnn")["methods"]) == every
    mixed = recurrent(configure, {"run": ["deep_shap"], "teachers": {"rnn": ["integrated_gradients"]}})
    assert [list(mixed.attribution_of(name)["methods"]) for name in ("big", "rnn")] == [
        ["deep_shap"],
        ["integrated_gradients"],
    ]
    recurrent(configure, {"run": ["deep_shap"]}, {"explain": False})


# Where motifs are searched

HYPOTHETICAL = {
    "run": ["saliency", "shap_deep", "mine"],
    "methods": {"mine": {"method": "deep_shap", "hypothetical": True}},
}


@pytest.mark.parametrize("method", ["deep_shap", "integrated_gradients", "expected_gradients"])
def test_motifs_are_searched_in_hypothetical_maps(configure, method):
    own = {"run": ["mine"], "methods": {"mine": {"method": method, "hypothetical": True}}, "motifs": {"method": "mine"}}
    assert configure({"attribution": own}).attribution["motifs"]["method"] == "mine"


def test_no_motifs_are_searched_if_nothing_is_explained(configure):
    settings = {**HYPOTHETICAL, "run": [], "motifs": {"method": "mine", "head": "epistemic"}}
    assert configure({"attribution": settings}).attribution["motifs"]["method"] is None


@pytest.mark.parametrize(
    ("motifs", "message"),
    [
        (
            {"method": "mne"},
            r"attribution\.motifs\.method: 'mne' is not run\n"
            r"  expected: did you mean 'mine'\? known: mine, saliency, shap_deep\n"
            r"  remedy:   add it to attribution\.run, or set attribution\.motifs\.method to null",
        ),
        ({"method": "deep_shap"}, r"attribution\.motifs\.method: 'deep_shap' is not run"),
        ({"method": "shap_deep"}, r"attribution\.motifs\.method: the maps of 'shap_deep' are not hypothetical"),
        (
            {"method": "saliency"},
            r"attribution\.motifs\.method: the maps of 'saliency' are not hypothetical.*\n  remedy: .*: true",
        ),
        (
            {"method": "mine", "head": "epistemic"},
            r"attribution\.motifs\.head: 'epistemic' is not explained\n  expected: known: mean",
        ),
        ({"method": "mine", "window": 0}, r"configuration: attribution\.motifs\.window: "),
        ({"method": "mine", "significance": 2}, r"configuration: attribution\.motifs\.significance: "),
        ({"methd": "mine"}, r"attribution\.motifs: unknown key 'methd'\n  expected: did you mean 'method'"),
    ],
)
def test_a_mistake_in_the_search_for_motifs_is_reported(configure, motifs, message):
    with pytest.raises(DeguError, match=message):
        configure({"attribution": {**HYPOTHETICAL, "motifs": motifs}})


def test_maps_with_hypothetical_set_to_false_are_refused(configure):
    own = {"mine": {"method": "deep_shap", "hypothetical": False}}
    with pytest.raises(DeguError, match="the maps of 'mine' are not hypothetical"):
        configure({"attribution": {"run": ["mine"], "methods": own, "motifs": {"method": "mine"}}})
