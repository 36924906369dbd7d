"""Engines that run SQL at scale: DuckDB in this process, Spark Connect on a cluster, and the tables they share."""
