"""`python -m nautilus_trader.adapters.okx.native`: the `okx-nt` command."""

from nautilus_trader.adapters.okx.native.cli import main

if __name__ == "__main__":
    main()
