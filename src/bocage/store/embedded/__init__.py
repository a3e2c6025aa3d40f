"""The embedded home of the log: a folder with a journal, DuckDB for open months, Parquet for sealed ones."""
