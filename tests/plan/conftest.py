from hypothesis import settings

# the first example waits for the compiler
settings.register_profile("compiled", deadline=None)
settings.load_profile("compiled")
