"""The project: settings, addresses, the database it runs on, and the launcher of the demo."""
