"""Readers of tables: CSV and TSV, Parquet, Arrow and Excel, one article a row."""
