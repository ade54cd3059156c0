"""Clients that this project did not write, judging the simulated exchange."""
