"""执法检查人员名录库: the inspectors, and which institutions each must not inspect (回避)."""
