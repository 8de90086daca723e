"""gokart tasks over the warehouse: labels, population, downloads, features."""
