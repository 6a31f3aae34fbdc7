"""What systems let teachers download, read: zips and folders, each system's own layout in a file of its own."""
