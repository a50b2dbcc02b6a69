"""The database: engines, transactions, dialects, migrations, and stored JSON by key."""
