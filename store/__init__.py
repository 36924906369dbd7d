"""What is remembered: releases, acts, the signed log, kept inputs; and where SQL runs."""
