"""Sensors behind a network server of LoRaWAN, at the desk: how they do, and the codecs that read their bytes."""
