"""The words for codes: one table for each kind of code, for the terminal, the forms and the site alike.

A word is an English message of the catalogue; `code_word` never fails: an unknown code is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from double_random.core.translation import C_, N_, _

ACT = {  # an entry of the log, or a run that made a release
    "plan": N_("plan committed"),
    "entropy": N_("public randomness recorded"),
    "draw": N_("draw made"),
    "replace": N_("institution replaced"),
    "substitute": N_("inspector substituted"),
    "attest": N_("record attested"),
    "publish": N_("list published"),
    "void": N_("draw made void"),
    "sync": N_("registers brought up to date"),
    "load": N_("credit records loaded"),
    "score": N_("scores computed"),
    "undo": N_("earlier release restored"),
    "key": N_("key changed"),
    "clock": N_("times set right"),
    "correct": N_("time of an entry set right"),
    "ruling": N_("decision on a record"),
    "link": N_("name linked by a person"),
    "close": N_("row closed by a person"),
    "nightly": N_("night"),
}
CASE_ACT = {  # in a draw's case file
    "task": N_("task"),
    "paper": N_("paper put on file"),
    "finding": N_("result recorded"),
    "joint": N_("one visit for several draws"),
    "withdrawal": N_("act taken back"),
}
STATUS = {  # of an institution
    "active": N_("in practice"),
    "suspended": N_("suspended for rectification"),
    "cancelled": N_("deregistered"),
    "revoked": N_("licence revoked"),
    "withdrawn": N_("permit not in force"),
    "moved_out": N_("moved out of the area"),
}
PRACTITIONER_CATEGORY = {
    "full_time": N_("full-time"),
    "part_time": N_("part-time"),
    "hong_kong": N_("Hong Kong resident"),
    "macao": N_("Macao resident"),
    "taiwan": N_("Taiwan resident"),
}
STAGE = {  # of a draw
    "committed": N_("committed, waiting for the public randomness"),
    "drawn": N_("drawn, waiting for publication"),
    "published": N_("published"),
    "void": N_("void"),
    "overdue": N_("not published in time"),
}
STAGE_PAPERS = {  # the papers of a draw at a stage: a folder's name
    "committed": N_("papers-of-the-commitment"),
    "drawn": N_("papers-of-the-draw"),
    "published": N_("papers-of-the-published-draw"),
    "void": N_("papers-of-the-void-draw"),
    "overdue": N_("papers-of-the-overdue-draw"),
}
SHEET_STEP = {  # the result of a filled task sheet
    "plan": N_("plan made"),
    "commit": N_("plan committed"),
    "entropy": N_("public randomness recorded"),
    "draw": N_("draw made"),
    "task": N_("task put on file"),
}
STEP = {  # of a drawn institution
    "drawn": C_("institution", "drawn"),
    "approved": N_("approved"),
    "notified": N_("notified"),
    "coded": N_("coded"),
    "inspected": N_("inspected"),
    "recorded": N_("recorded"),
    "told": N_("told"),
    "published": C_("result", "published"),
    "replaced": N_("replaced"),
    "void": N_("void"),
}
DUE = {  # what must be done by a day
    "publish the list": N_("publish the list"),
    "visit": C_("duty", "visit"),
    "publish the result": N_("publish the result"),
    "check again": N_("check again"),
    "repair the draw's files": N_("repair the draw's files"),
    "look into the objection": N_("look into the objection"),
}
STANDING = {  # of an institution that was drawn, in public
    "open": N_("result not published yet"),
    "published": N_("result published"),
    "unvisited": N_("not inspected in time"),
    "replaced": N_("another institution was drawn for it"),
    "void": N_("void"),
}
RESULT = {  # of an inspection
    "clean": N_("no problem found"),
    "not_trading": N_("the business inspected is not carried on"),
    "corrected": N_("problem found, ordered to correct it"),
    "problem": N_("problem found, to be dealt with"),
    "unpublished": N_("not published what must be published"),
    "concealed": N_("concealed the truth in what was published"),
    "unreachable": N_("not reachable at the registered address"),
    "refused": N_("did not cooperate"),
    "gone": N_("closed or deregistered"),
    "other": N_("something else"),
}
CHECK = {  # the reason for an inspection
    "random": N_("random inspection"),
    "routine": N_("routine inspection"),
    "special": N_("special inspection"),
    "case": N_("check of a single case"),
}
TYPE = {  # of a draw: from all of its scope, or after a condition
    "undirected": N_("undirected"),
    "directed": N_("directed"),
}
ROUNDING = {"up": N_("rounded up"), "unbiased": N_("rounded by lot")}
RECORD = {  # classes, kinds and states of credit records: data/record_kinds.toml and the files that it names
    "penalty": N_("penalty"),
    "complaint": N_("complaint"),
    "sanction": N_("sanction of the association"),
    "annual_check": N_("annual check"),
    "assessment": N_("annual assessment"),
    "competent": N_("competent"),
    "barely_competent": N_("barely competent"),
    "incompetent": N_("not competent"),
    "deferred": N_("assessment deferred"),
    "ungraded": N_("assessed without a grade"),
    "commendation": N_("commendation"),
    "inspection": N_("inspection"),
    "repair": N_("repair"),
    "correction": N_("correction"),
    "correction:revoked": C_("record", "revoked"),
    "correction:corrected": N_("corrected"),
    "objection": N_("objection"),
    "objection:accepted": N_("taken up"),
    "objection:checking": N_("being checked"),
    "objection:kept": N_("decision upheld"),
    "objection:corrected": N_("corrected"),
    "decided": C_("state", "decided"),
    "without_evidence": N_("without evidence"),
    "national": N_("national level"),
    "province": N_("provincial level"),
    "city": N_("city level"),
    "district": N_("district level"),
    "association": N_("level of the association"),
    "admonition": N_("admonition"),
    "association_warning": N_("warning of the association"),
    "circulated_criticism": N_("circulated criticism"),
    "public_censure": N_("public censure"),
    "membership_suspended": N_("membership suspended"),
    "membership_ended": N_("membership ended"),
    "excellent": N_("excellent"),
    "passed": N_("passed"),
    "barely_passed": N_("barely passed"),
    "failed": N_("failed"),
    "absent": N_("did not take part"),
    "open": N_("open"),
    "refused": N_("not accepted"),
    "unfounded": N_("unfounded"),
    "withdrawn": C_("complaint", "withdrawn"),
    "upheld": N_("upheld"),
    "partly_upheld": N_("partly upheld"),
    "warning": N_("warning"),
    "criticism": N_("circulated criticism"),
    "fine": N_("fine"),
    "confiscation": N_("confiscation"),
    "restriction": N_("restriction of practice"),
    "downgrade": N_("lower qualification"),
    "practice_suspension": N_("suspension from practice"),
    "withholding": N_("licence withheld"),
    "suspension": N_("suspension of business"),
    "closure": N_("closure"),
    "revocation": N_("revocation of the licence"),
    "detention": N_("detention"),
    "other": N_("something else"),
    **{f"inspection:{code}": code_word for code, code_word in RESULT.items()},
}


def code_word(table: Mapping[str, str], code: str, say: Callable[[str], str] = _) -> str:
    """The word of a code; the code itself if the table has none."""
    return say(table[code]) if code in table else code


def code_words(table: Mapping[str, str], codes: str, between: str = "、") -> str:
    """The words of codes with blanks between them."""
    return between.join(code_word(table, code) for code in codes.split())
