"""What tests of this package, and of what stands on it, import; every part behind an extra."""
