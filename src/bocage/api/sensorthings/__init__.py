"""OGC SensorThings API 1.1 (18-088): reading for everyone as far as data are open, writing with a source's token."""
