"""One file a data format. Each has `write(snapshot, stream)`."""
