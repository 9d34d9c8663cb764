"""What a run or a comparison leaves in its folder for a reader."""
