"""What arms and replications say together: sureness over many arms, who did what, and doubt.

Functions over arrays of one number per arm and replication; nothing here runs or reads anything.
"""
