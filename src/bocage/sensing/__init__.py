"""SensorThings entities: what carries sensors, what is measured, and the number of each series."""
