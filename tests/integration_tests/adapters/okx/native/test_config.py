"""The config: the stock fields plus ours, and one clear sentence for whatever cannot be honoured."""

from importlib.metadata import version

import msgspec
import pytest
from nautilus_trader.adapters.okx.config import OKXDataClientConfig
from nautilus_trader.adapters.okx.native import ConfigError, OKXNativeDataClientConfig, RoutingError
from nautilus_trader.adapters.okx.native.backend import business_url
from nautilus_trader.adapters.okx.native.versions import UnsupportedVersionError, require_supported
from nautilus_trader.core.nautilus_pyo3 import OKXInstrumentType
from nautilus_trader.network import TransportBackend


def test_it_has_the_stock_fields_with_the_stock_defaults():
    native, stock = OKXNativeDataClientConfig(), OKXDataClientConfig()
    assert isinstance(native, OKXDataClientConfig)
    for name in stock.__struct_fields__:
        assert getattr(native, name) == getattr(stock, name)


def test_defaults_are_native_on_the_best_driver_with_bars_stamped_on_close():
    config = OKXNativeDataClientConfig()
    assert (config.backend, config.backends, config.driver) == (None, None, "auto")
    assert config.bars_timestamp_on_close is True


@pytest.mark.parametrize(
    ("fields", "error", "message"),
    [
        ({"backend": "rust"}, RoutingError, "config backend is 'rust': use one of 'python', 'native'"),
        ({"backends": {"subscribe_quotes": "native"}}, RoutingError, "did you mean 'subscribe_quote_ticks'"),
        ({"backends": {"book": "shadow"}}, RoutingError, "knows but cannot run yet"),
        ({"driver": "thread"}, ConfigError, "driver is 'thread': use one of 'auto', 'inline', 'threaded'"),
        ({"instrument_types": ()}, ConfigError, "instrument_types is empty"),
        ({"instrument_types": ("SWAP",)}, ConfigError, "use members of OKXInstrumentType"),
        ({"instrument_types": OKXInstrumentType.SWAP}, ConfigError, "use a tuple of OKXInstrumentType"),
        ({"contract_types": ("linear",)}, ConfigError, "use members of OKXContractType"),
        ({"environment": "demo"}, ConfigError, "use a member of OKXEnvironment"),
        ({"region": "eea"}, ConfigError, "use a member of OKXRegion"),
        ({"vip_level": 4}, ConfigError, "use a member of OKXVipLevel"),
        ({"base_url_http": "www.okx.com"}, ConfigError, "must start with http:// or https://"),
        ({"base_url_ws": "https://ws.okx.com"}, ConfigError, "must start with ws:// or wss://"),
        ({"connect_timeout_secs": 0}, ConfigError, "connect_timeout_secs is 0"),
        ({"ack_timeout_secs": -1.0}, ConfigError, "ack_timeout_secs is -1.0"),
        ({"api_key": "k"}, ConfigError, "api_secret and api_passphrase missing"),
    ],
)
def test_a_field_that_cannot_be_honoured_is_one_sentence(fields, error, message):
    with pytest.raises(error, match=message) as raised:
        OKXNativeDataClientConfig(**fields)
    assert "\n" not in str(raised.value)


def test_secrets_are_not_in_the_error_about_missing_ones():
    with pytest.raises(ConfigError) as raised:
        OKXNativeDataClientConfig(api_key="KEY-1", api_secret="SECRET-2")
    assert "KEY-1" not in str(raised.value)
    assert "SECRET-2" not in str(raised.value)


def test_s60_transport_backend_is_rejected_natively():
    config = OKXNativeDataClientConfig(transport_backend=TransportBackend.TUNGSTENITE)
    with pytest.raises(ConfigError, match="transport_backend has no effect"):
        config.check_native()


def test_the_business_url_is_beside_the_public_one_or_as_configured():
    assert business_url(OKXNativeDataClientConfig()) is None
    assert business_url(OKXNativeDataClientConfig(base_url_ws="ws://h:1/ws/v5/public")) == "ws://h:1/ws/v5/business"
    both = OKXNativeDataClientConfig(base_url_ws="ws://h:1/x", base_url_ws_business="ws://h:2/b")
    assert business_url(both) == "ws://h:2/b"


def test_a_ca_file_must_exist_and_hold_a_certificate(tmp_path):
    with pytest.raises(ConfigError, match=r"cannot be read \(No such file"):
        OKXNativeDataClientConfig(ca_file=str(tmp_path / "none.pem")).ca_pem()
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    with pytest.raises(ConfigError, match="holds no certificate"):
        OKXNativeDataClientConfig(ca_file=str(empty)).ca_pem()


def test_it_is_frozen():
    config = OKXNativeDataClientConfig()
    with pytest.raises(AttributeError):
        config.backend = "python"
    assert msgspec.structs.replace(config, backend="python").backend == "python"


def test_an_unsupported_stock_version_is_one_sentence_with_what_to_install():
    assert require_supported() == version("nautilus_trader")
    with pytest.raises(UnsupportedVersionError, match=r'1\.0\.0 is not supported.*pip install "nautilus_trader=='):
        require_supported("1.0.0")
