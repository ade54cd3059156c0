#!/usr/bin/env bash
# Installs the release wheel beside the stock wheel in a fresh environment outside the tree and runs a smoke test there.
set -euo pipefail
wheel=$(ls "$PWD"/build/wheel-release/*.whl)
python=$(scripts/find_python.sh)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
"$python" -m venv "$room/venv"
"$room/venv/bin/python" -m pip install -q "$wheel"
cp scripts/wheel_smoke.py "$room/"
cd "$room" && "$room/venv/bin/python" wheel_smoke.py && "$room/venv/bin/okx-nt" --help >/dev/null
echo "wheel ok: $(basename "$wheel")"
