"""执法检查人员名录库: who inspects, and who must not inspect whom (回避)."""
