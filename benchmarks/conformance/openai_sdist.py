"""OpenAI's own tests of its Python client, from the client's source package: python openai_sdist.py URL.

They are in the source package only, so that is downloaded (its hash is pinned) and unpacked beside the environment.
OpenAI runs them against a server that makes up answers from its specification; here a model answers.
"""

import os
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = "openai==3.57.0"
SHA256 = "5a0a89d6a542efc85e2a8cec701ca9265b795d578c777828e10fafdf80e333b6"
TESTS = ("test_models.py", "test_completions.py", "chat/test_completions.py")


def main() -> int:
    folder = Path(sys.prefix) / "source"
    root = folder / SOURCE.replace("==", "-")
    if not root.exists():
        unpack(folder)
    # Their options (eight workers, warnings that are errors) are for another machine; what must fail is in our plugin.
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", str(root), "-q", "-rxX", "--tb=short"]
    command += ["-p", "no:cacheprovider", "-p", "expected_failures", "--asyncio-mode=auto"]
    command += ["-o", "asyncio_default_fixture_loop_scope=session"]
    command += [f"tests/api_resources/{name}" for name in TESTS]
    environment = os.environ | {"TEST_API_BASE_URL": f"{sys.argv[1]}/v1", "PYTHONPATH": f"{HERE}:{root}"}
    return subprocess.run(command, env=environment, cwd=root, check=False).returncode


def unpack(folder: Path) -> None:
    """Fetch the source package from the package index and unpack it into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    requirement = folder / "requirement.txt"
    requirement.write_text(f"{SOURCE} --hash=sha256:{SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "openai", "-d", str(folder)]
    subprocess.run([*command, "--require-hashes", "-r", str(requirement)], check=True)
    with tarfile.open(folder / f"{SOURCE.replace('==', '-')}.tar.gz") as archive:
        archive.extractall(folder, filter="data")


if __name__ == "__main__":
    sys.exit(main())
