project = "Options"
extensions = ["myst_parser", "sphinx_gdviz"]
html_theme = "basic"
gdviz_defaults = {"steps": "3", "view": "contour", "levels": "2", "align": "right"}
gdviz_cache = "pictures"
show_warning_types, linkcheck_report_timeouts_as_broken = True, False  # as Sphinx 8 has it
