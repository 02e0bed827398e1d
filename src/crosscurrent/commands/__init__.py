"""What the commands of the command line do; ``crosscurrent.cli`` only says which there are."""
