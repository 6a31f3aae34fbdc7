"""The locked boxes: namespaces, Landlock, seccomp, and a fork server."""
