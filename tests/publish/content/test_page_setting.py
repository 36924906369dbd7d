"""What pages share goes to a worker and comes back the same."""

from __future__ import annotations

import pickle
from datetime import date

from double_random.publish.content.page_setting import PageSetting
from tests.publish import editions


def test_a_setting_is_the_same_after_it_went_to_a_worker() -> None:
    edition = editions.edition(complain="示例市司法局 000-00000000")
    setting = PageSetting.of_edition(edition)
    there: PageSetting = pickle.loads(pickle.dumps(setting))
    assert (there.as_of, there.authority, there.complain) == (
        edition.as_of,
        edition.authority,
        edition.complain,
    )
    assert there.classes == edition.allowed.classes
    assert there.words.kinds == edition.words.kinds
    assert there.words.status("active") == edition.words.status("active") == "正常执业"


def test_the_age_of_a_source_is_counted_to_the_day_of_the_edition() -> None:
    edition = editions.edition(sources={"sync": date(2026, 10, 31)})
    setting = PageSetting.of_edition(edition)
    assert setting.age_in_days("sync") == edition.age_in_days("sync") == 1
    assert setting.age_in_days("load") is None
