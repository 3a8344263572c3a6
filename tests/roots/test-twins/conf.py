project = "Twins"
extensions = ["myst_parser", "sphinx_gdviz"]
myst_enable_extensions = ["dollarmath"]
numfig = True
html_theme = "basic"
show_warning_types, linkcheck_report_timeouts_as_broken = True, False  # as Sphinx 8 has it
