project = "Plain"
extensions = ["myst_parser", "sphinx_gdviz"]
numfig = True
html_theme = "basic"
show_warning_types = True
