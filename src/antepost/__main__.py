"""``python -m antepost``."""

from antepost.cli import main

main()
