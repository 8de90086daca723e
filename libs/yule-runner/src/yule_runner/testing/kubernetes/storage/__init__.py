"""Objects, versions and changes: what etcd and the watch cache are to an API server."""
