"""The policy: the dated rule that turns records into points and a grade; read, validated, compared, tried."""
