"""The native back end of the execution client: commands, events, account, reports, one noun a file."""
