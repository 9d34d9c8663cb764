"""What a reader sees of runs and comparisons: tables, pictures, stories, a page.

Everything here is made from measures and logs; nothing here is simulated or estimated.
"""
