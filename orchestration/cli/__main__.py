"""`python -m orchestration.cli`."""

from orchestration.cli.main import main

main()
