"""双随机: items, plan, draw, teams, bundle, verify."""
