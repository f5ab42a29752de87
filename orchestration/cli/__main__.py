"""`python -m orchestration.cli`."""

from orchestration.cli.main import main

if __name__ == "__main__":
    main()
