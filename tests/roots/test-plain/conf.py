project = "Plain"
extensions = ["myst_parser", "sphinx_gdviz"]
numfig = True
html_theme = "basic"
show_warning_types, linkcheck_report_timeouts_as_broken = True, False  # as Sphinx 8 has it
