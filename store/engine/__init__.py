"""Where SQL runs that scales: DuckDB here, Spark Connect there, with the tables that both share."""
