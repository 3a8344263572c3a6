"""Builds the book in ``book/``: ``sphinx-build -c . book OUT``.

The look of the printed edition is in ``book/_latex``, that of the others in ``book/_static``.
"""

title = "Descending a Loss"
subtitle = "Gradients, learning rates and the paths that optimizers take"

project = title
author = "The sphinx_gdviz authors"
copyright = author  # without a year: nothing here depends on the day of the build
version = release = "0.1.0"
language = "en"
today = " "  # a blank, since an empty value would be replaced by today's date

extensions = [
    "myst_nb",
    "sphinx_gdviz",
    "sphinx_gdviz.editions.mathml",
    "sphinx_gdviz.editions.epub",
    "sphinx_gdviz.editions.notebooks",
]
exclude_patterns = ["_latex", "_static", "_build"]
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "deflist"]
myst_footnote_transition = False  # in print a rule of its own above no text at all

# Notebooks: cells that have been executed are not executed again, whatever else a page changes.
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True  # where output is cut is chance; MyST-NB mends cuts at the ends of lines
nb_output_stderr = "remove-warn"  # warnings of a library are no part of a book
nb_render_image_options = {"classes": "gdviz"}  # figures that turn dark with the page

numfig = True
numfig_format = {
    "figure": "Figure %s",
    "table": "Table %s",
    "code-block": "Listing %s",
    "section": "Section %s",
}

# Web pages
html_theme = "sphinx_book_theme"
html_title = title
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "navbar_persistent": [],  # one search field is enough, and it is in the sidebar
    "show_toc_level": 2,
}
html_static_path = ["book/_static"]
html_css_files = ["web.css"]
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_last_updated_fmt = None

# EPUB
epub_basename = "descending-a-loss"
epub_title = title
epub_description = subtitle
epub_contributor = author
epub_identifier = epub_uid = epub_basename  # toc.ncx quotes the one where the other is meant
epub_css_files = ["edition.css"]
epub_show_urls = "no"
epub_tocdup = False
epub_theme_options = {"relbar1": False, "footer": False}

# Print
latex_engine = "pdflatex"
latex_use_xindy = False
latex_domain_indices = False
latex_additional_files = ["book/_latex/bookfonts.sty", "book/_latex/bookdesign.sty"]
latex_table_style = ["booktabs"]
latex_elements = {
    "pointsize": "10pt",
    "extraclassoptions": "openany",
    "fncychap": "",  # chapter heads are made in bookdesign.sty
    "fontpkg": r"\usepackage{bookfonts}",
    "preamble": rf"\usepackage{{bookdesign}}\renewcommand{{\booksubtitle}}{{{subtitle}}}",
    "tableofcontents": r"\sphinxtableofcontents\bookpreface",  # the text of index.md comes next
    "transition": "\n\n\\booktransition\n\n",
    "figure_align": "htbp",
}
