"""Benchmarks of the native data path against the stock adapter and other Python WebSocket stacks."""
