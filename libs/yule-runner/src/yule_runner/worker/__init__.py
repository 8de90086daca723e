"""The worker's side: a process that carries out one work order, or all that its driver sends."""
