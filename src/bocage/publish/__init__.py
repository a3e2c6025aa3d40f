"""What goes outward: the release gate, the catalogue, files, the register of processing, notices."""
