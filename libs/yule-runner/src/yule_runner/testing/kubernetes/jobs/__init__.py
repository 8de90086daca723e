"""The Job controller, after pkg/controller/job of Kubernetes 1.36."""
