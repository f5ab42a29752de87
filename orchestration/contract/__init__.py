"""What the project says: source tables, methodology, parameters, holidays."""
