"""Bare draws (独立抽取): two tables and a rule give a sealed plan, a draw and a bundle, without home or register."""
