#!/usr/bin/env bash
# Replaces the installed Python files of the overlay by links to the tree, so that edits show at once.
# The compiled module stays the installed one; `make install-dev` undoes the links.
set -euo pipefail
source="$PWD/nautilus_trader/adapters/okx/native"
target=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("platlib"))')/nautilus_trader/adapters/okx/native
(cd "$source" && find . -name '*.py' -o -name '*.pyi' -o -name '*.toml' | while read -r file; do
    mkdir -p "$target/$(dirname "$file")"
    ln -sf "$source/$file" "$target/$file"
done)
echo "linked" >.venv/.okx-nt-wheel
echo "Python files of $target now point into the tree."
