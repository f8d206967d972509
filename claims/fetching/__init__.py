"""Sources in: what an address on the open network says, fetched safely, recorded and read. No rows, no settings."""
