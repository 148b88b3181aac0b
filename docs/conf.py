"""How Sphinx builds the documentation: `make docs` (warnings are errors; nothing is read from the network)."""

import os
import shutil
import sys
from pathlib import Path

import ziamath

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

import degu

project = "DEGU"
author = project_copyright = "The DEGU pipeline developers"
release = version = degu.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_design",
    "configuration_reference",
    "docstrings",
    "mathml",
    "plugin_reference",
]
templates_path = ["_templates"]
exclude_patterns = ["_*"]

# Pages.
myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
copybutton_exclude = ".linenos, .gp, .go"

# The API reference: one page a module, from its docstrings. Pages of modules that are no more are not kept.
shutil.rmtree(Path(__file__).parent / "reference" / "api", ignore_errors=True)
autosummary_generate = True
# A function is described where it is defined, also if another module hands it on.
autodoc_default_options = {"members": True, "show-inheritance": True, "ignore-module-all": True}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 100
default_role = "py:obj"
# Parameters are listed as they are written: several names may share one description. What is returned is prose.
napoleon_google_docstring = False
napoleon_use_param = False
napoleon_custom_sections = [("Attributes", "params_style"), "Returns", "Yields"]

# Every file that a page needs is copied beside it, so that the site can be read without a network.
html_theme = "pydata_sphinx_theme"
html_title = "DEGU"
html_static_path = ["_static", str(Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf")]
html_css_files = ["degu.css"]
html_show_sourcelink = False
html_copy_source = False
html_math_renderer = "mathml"
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": ["sphinx-version"],
    "show_nav_level": 1,
    "navigation_with_keys": False,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_sidebars = {"index": [], "changelog": []}
