#!/usr/bin/env bash
# Installs build/wheel-$1/*.whl into .venv unless that very build is already there.
set -euo pipefail
profile=$1
built="build/wheel-$profile/.built"
marker=".venv/.okx-nt-wheel"
stamp="$profile $(stat -c %Y "$built" 2>/dev/null || stat -f %m "$built")"
[ "$(cat "$marker" 2>/dev/null)" = "$stamp" ] && exit 0
.venv/bin/python -m pip install -q --force-reinstall --no-deps "build/wheel-$profile"/*.whl
echo "$stamp" >"$marker"
