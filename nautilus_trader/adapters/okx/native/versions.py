"""Which stock wheels the native back end was tested with."""

from importlib.metadata import version

from nautilus_trader.adapters.okx.native import _okx


class UnsupportedVersionError(RuntimeError):
    """The installed `nautilus_trader` is not one whose memory layouts were tested."""


def require_supported(installed: str | None = None) -> str:
    """The installed version of the stock wheel. Raises `UnsupportedVersionError`."""
    installed = installed or version("nautilus_trader")
    if installed not in _okx.SUPPORTED_NAUTILUS_VERSIONS:
        supported = " or ".join(_okx.SUPPORTED_NAUTILUS_VERSIONS)
        raise UnsupportedVersionError(
            f"nautilus_trader {installed} is not supported by okx-nt-native {_okx.__version__}: install "
            f'nautilus_trader {supported} (pip install "nautilus_trader=={_okx.SUPPORTED_NAUTILUS_VERSIONS[-1]}"), '
            "or use the stock classes"
        )
    return installed
