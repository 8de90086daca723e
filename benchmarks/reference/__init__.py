"""What Yule is compared with: the same work, written by hand."""
