"""`python -m bocage` is the `bocage` command."""

from bocage.cli.main import main

main()
