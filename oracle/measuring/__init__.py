"""What the operations of a device really lose, measured: `oracle measure`."""
