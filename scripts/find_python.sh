#!/usr/bin/env bash
# Prints the path of a CPython >= 3.12 that works, newest first, or says what to install.
# OKX_NT_PYTHON names one explicitly.
set -u

works() { "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; }

if [ -n "${OKX_NT_PYTHON:-}" ]; then
    works "$OKX_NT_PYTHON" && { echo "$OKX_NT_PYTHON"; exit 0; }
    echo "OKX_NT_PYTHON=$OKX_NT_PYTHON is not a working CPython 3.12, 3.13 or 3.14 with venv and pip." >&2
    exit 1
fi
for version in 3.14 3.13 3.12; do
    # A version manager's shim may be on PATH for an interpreter that is not active: run it to know.
    for candidate in "$(command -v "python$version" 2>/dev/null)" \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version"*/bin/python \
        "$(command -v uv >/dev/null 2>&1 && uv python find "$version" 2>/dev/null)"; do
        [ -n "$candidate" ] && [ -x "$candidate" ] && works "$candidate" && { echo "$candidate"; exit 0; }
    done
done
for candidate in "$(command -v python3 2>/dev/null)" "$(command -v python 2>/dev/null)"; do
    [ -n "$candidate" ] && works "$candidate" && { echo "$candidate"; exit 0; }
done
echo "No CPython 3.12, 3.13 or 3.14 found: install one (for example 'apt install python3.12 python3.12-venv', 'pyenv install 3.13' or 'uv python install 3.13') and run make again." >&2
exit 1
