"""Why the register quarantines or notes a row that intake could read: a closed list, translated when shown."""

from __future__ import annotations

from double_random.core.translation import N_

UNKNOWN_KIND = N_("unknown kind of institution")
UNKNOWN_EVENT = N_("the decision's title says no known event")
UNKNOWN_SPECIALITY = N_("unknown speciality")
TWO_ROWS = N_("two rows of one inspector differ")
NO_SUCH_INSPECTOR = N_("a recusal names an inspector who is not on the roster")
RECUSAL_WAITS = N_("a recusal names an institution that is not known")
PERSON_RECUSAL_WAITS = N_("a recusal names a practitioner who is not known")
RECUSAL_BACKWARDS = N_("a recusal ends before it begins")

NO_DISTRICT = N_("the address names no known district")
NOWHERE = N_("no district is known of this institution")
OTHER_SPAN = N_("the content says another length of time than the dates")

# A change that the law forbids (registry/quality/prohibited_changes.py)
RENAMED_IN_SUSPENSION = N_("another name while practice was suspended")
DISSOLVED_IN_SUSPENSION = N_("dissolved while practice was suspended")
BRANCH_IN_SUSPENSION = N_("a branch opened while practice was suspended")

# The code has linked a record or a decision with another institution's name (registry/quality/name_mismatches.py)
NAME_AGAINST_CODE = N_("a name that the institution of this code never bore")

# One id, two foundings (registry/quality/duplicate_foundings.py)
FOUNDED_TWICE = N_("institutions of different names were founded under one number")

# Permits of persons (registry/practitioners): why one is set aside, and what a supervisor should be told
LICENCE_MISSING = N_("licence number missing")
OTHER_PERSON = N_("the licence number belongs to a person of another name")
# Records about persons that wait
NO_SUCH_LICENCE = N_("no practitioner has this licence number")
NAME_ALONE = N_("a name alone: neither licence number nor institution says who it is")
NOBODY_OF_NAME = N_("no practitioner of this name is known")
TWO_OF_NAME = N_("several practitioners of this name were in this institution")
NEVER_THERE = N_("no practitioner of this name was ever in this institution")

PRACTICE_UNKNOWN = N_("no such institution to practise in")
TWO_PLACES = N_("in two institutions at once")
FORMER_DIFFERS = N_("former institution differs from the register's")
MOVED_IN_SUSPENSION = N_("moved while practice was suspended")
WITHOUT_INSTITUTION = N_("licence in force, and the institution has ended")
LICENSED_AFTER_REVOCATION = N_("a permit after the licence was revoked for ever")
