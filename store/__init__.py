"""Everything that is stored: releases, acts, the signed log, kept inputs; and the engines that run SQL."""
