"""The two registers: 检查对象名录库 (institutions) and 执法检查人员名录库 (inspectors, recusals)."""
