"""Before the draw: items, pools, exclusions, limits, rotation, the frozen plan and its odds."""
