"""The main job: a TradingNode with the OKX adapter on the simulated exchange, watched for a few seconds."""
