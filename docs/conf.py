"""The documentation as a site: `make docs`."""

from importlib.metadata import version as version_of

project = "Tidyplan"
author = "The Tidyplan authors"
version = release = version_of("tidyplan")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
# Pages are also read where they lie, and lead to files that are no pages: those links stay as they are.
suppress_warnings = ["myst.xref_missing", "misc.highlighting_failure"]

html_theme = "furo"
html_title = f"Tidyplan {version}"
html_copy_source = False
html_show_sphinx = False
