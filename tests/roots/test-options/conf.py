project = "Options"
extensions = ["myst_parser", "sphinx_gdviz"]
html_theme = "basic"
gdviz_defaults = {"steps": "3", "view": "contour", "levels": "2", "align": "right"}
gdviz_cache = "pictures"
show_warning_types = True
