"""What a forger can do who can write all of a prepared release.

The forger can write neither the ledger nor with anybody's key.
"""

from orchestration.home import files
from orchestration.release import bundle, public_edition


def seal(release):
    """Rewrite what a release says of its files and its verdict, as a forger would."""
    cases = release / "internal" / "alerts" / "cases.json"
    if cases.is_file():
        of_it = {"verdict": files.sha256_of(release / "verdict.json")}
        cases.write_text(files.to_json(files.read_json(cases) | of_it), encoding="utf-8")
    public_edition.write_list(release / "public")
    manifest = files.read_json(release / "manifest.json")
    for part in ("verdict", "overrides"):
        manifest[part]["sha256"] = files.sha256_of(release / f"{part}.json")
    (release / "manifest.json").write_text(files.to_json(manifest), encoding="utf-8")
    digests = {
        name: digest
        for name, digest in bundle.digests_of(release).items()
        if name not in bundle.MADE_OF_JUDGED
    }
    judged = files.read_json(release / "release_verdict.json") | {"files": digests}
    (release / "release_verdict.json").write_text(files.to_json(judged), encoding="utf-8")
    lines = [f"{digest}  {name}\n" for name, digest in bundle.digests_of(release).items()]
    (release / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    record = files.read_json(release / "record.json") | {
        "sha256sums": files.sha256_of(release / "SHA256SUMS")
    }
    (release / "record.json").write_text(files.to_json(record), encoding="utf-8")
