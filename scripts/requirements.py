"""Print the wheel's own dependencies as pip arguments, so that pyproject.toml stays their one home."""

import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"

if __name__ == "__main__":
    for requirement in tomllib.loads(PYPROJECT.read_text())["project"]["dependencies"]:
        print(requirement)
