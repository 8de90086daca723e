"""The controllers beside the Job controller: scheduler, garbage collector, TTL."""
