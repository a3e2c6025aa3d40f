"""Listens to MQTT brokers: what they pass on is acknowledged once it is durable."""
