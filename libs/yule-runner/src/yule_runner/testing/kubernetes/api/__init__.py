"""The rules of the API server: requests in, objects or a Status out."""
