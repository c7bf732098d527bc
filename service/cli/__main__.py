"""Lets `python -m service.cli` stand in for `tidyplan`."""

from service.cli import main

main()
