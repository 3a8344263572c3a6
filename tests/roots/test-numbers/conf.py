project = "Numbers"
author = copyright = "Nobody"
version = "1"
extensions = ["myst_parser", "sphinx_gdviz"]
numfig = True
html_theme = "basic"
epub_show_urls = "no"
man_pages = [("index", "numbers", "Numbers", "Nobody", 7)]
latex_elements = {"papersize": "a4paper"}
gdviz_defaults = {"steps": "3", "view": "contour", "levels": "2"}
show_warning_types, linkcheck_report_timeouts_as_broken = True, False  # as Sphinx 8 has it
