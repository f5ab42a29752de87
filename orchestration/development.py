"""`make dev`: the Dagster UI on this machine alone, over the configured source or the demo city."""

import os
import sys
from pathlib import Path

from orchestration.demonstration import demo_source, with_key
from orchestration.settings import PROJECT, load_settings


def main() -> None:
    """Prepare Dagster's home and a source, then become `dagster dev`."""
    settings = load_settings()
    home = settings.home.resolve()
    os.environ["UHI_HOME"] = str(home)
    if not settings.source:
        source = home / "demo" / "source"
        os.environ["UHI_SOURCE"] = str(source if source.exists() else demo_source(home / "demo"))
        key_file = with_key(settings, home / "demo").pseudonym_key_file
        if key_file:
            os.environ["UHI_PSEUDONYM_KEY_FILE"] = str(key_file.resolve())
    dagster_home = Path(os.environ.setdefault("DAGSTER_HOME", str(home / "dagster")))
    dagster_home.mkdir(parents=True, exist_ok=True)
    configuration = dagster_home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text("telemetry:\n  enabled: false\nnux:\n  enabled: false\n", encoding="utf-8")
    os.chdir(PROJECT)
    command = str(Path(sys.executable).with_name("dagster"))
    os.execv(command, [command, "dev", "--host", "127.0.0.1", "--workspace", "workspace.yaml"])  # noqa: S606


if __name__ == "__main__":
    main()
