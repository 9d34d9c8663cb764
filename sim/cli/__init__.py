"""The command line: one module per command, all talk and no arithmetic."""
