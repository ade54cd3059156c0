//! From keyword arguments to a running server.

use okx_sim::{
    ApiKey, Market,
    server::{ServerError, Settings, SimServer},
    venue::{Tape, Venue, VenueConfig},
};

/// Stands for the frames that come with the package.
const BUILTIN: &str = "builtin";

/// Why an exchange did not start.
pub(super) enum StartError {
    /// A setting or a tape cannot be used.
    Setting(String),
    /// The system refused an address or threads.
    System(String),
}

/// Checked arguments; servers can be made of them again and again.
pub(super) struct Setup {
    host: String,
    port: u16,
    tls: bool,
    seed: u64,
    tape: Vec<String>,
    settings: Settings,
}

impl Setup {
    /// Reads `config`, a JSON object.
    pub fn new(
        host: &str,
        port: u16,
        tls: bool,
        seed: u64,
        tape: Vec<String>,
        config: Option<&str>,
    ) -> Result<Self, String> {
        let settings = Settings::parse(config.unwrap_or("{}")).map_err(|e| format!("config: {e}"))?;
        Ok(Self { host: host.to_owned(), port, tls, seed, tape, settings })
    }

    /// The first key of the first account that has one.
    pub fn key(&self) -> &ApiKey {
        let mut keys = self.settings.accounts.iter().flat_map(|account| &account.keys);
        keys.next().expect("the settings were checked for a key")
    }

    /// Starts a server.
    pub fn start(&self) -> Result<SimServer, StartError> {
        let config = VenueConfig {
            seed: self.seed,
            tape: self.tape().map_err(StartError::Setting)?,
            speed: self.settings.tape_speed,
            rate: self.settings.rate,
            instruments: self.settings.instruments.clone(),
        };
        let market: Box<dyn Market> =
            Box::new(Venue::new(config).map_err(|e| StartError::Setting(e.to_string()))?);
        let server = self.settings.server(&self.host, self.port, self.tls, self.seed);
        SimServer::start(server, market).map_err(|error| match error {
            ServerError::Tls(_) => StartError::Setting(error.to_string()),
            ServerError::Listen { .. } | ServerError::Threads(_) => StartError::System(error.to_string()),
        })
    }

    /// The recorded frames of the package or of all files, in their order.
    fn tape(&self) -> Result<Option<Tape>, String> {
        let read = match self.tape.as_slice() {
            [] => return Ok(None),
            [name] if name == BUILTIN => Tape::builtin(),
            names if names.iter().any(|name| name == BUILTIN) => {
                return Err(format!("tape: {BUILTIN} cannot be joined with files"));
            }
            names => Tape::open_all(names),
        };
        read.map(Some).map_err(|e| e.to_string())
    }
}
