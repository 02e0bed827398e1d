"""Cases that ship with the package: data only."""
