"""What is computed before anybody asks is what a page asks for, to the type of every setting."""

import pytest

from explainer import contents
from explainer.ui import boot
from tests.app import Visit

pytestmark = pytest.mark.usefixtures("one_process")


def kept(page: str) -> dict[str, list[dict[str, object]]]:
    return getattr(boot._experiments(page), "KEPT", {})


@pytest.mark.parametrize("page", [page for page in contents.built_pages() if kept(page)])
def test_the_page_finds_what_is_kept_for_it(page, monkeypatch):
    asked, cached_in = {}, boot._cached_in

    def noting(lane, function):
        def run(**settings):
            asked[function.__name__] = settings
            return cached_in(lane, function)(**settings)

        return run

    monkeypatch.setattr(boot, "_cached_in", noting)
    visit = Visit(page)
    if page == "playground":
        visit.flip("how_often")  # one network is not kept, eight are
    for name, found in kept(page).items():
        defaults = boot._defaults(getattr(boot._experiments(page), name))
        places = [defaults | settings for settings in found]
        assert repr(asked[name]) in map(repr, places), name
        for place in places:
            assert list(place) == list(asked[name]), name
            assert list(map(type, place.values())) == list(map(type, asked[name].values())), name


def test_settings_left_out_or_in_another_order_are_the_same_place():
    calls = []

    def experiment(*, a: int = 1, b: str = "x") -> int:
        calls.append((a, b))
        return a

    with boot.QUICK:
        boot.cached(experiment)()
        boot.cached(experiment)(b="x", a=1)
        boot.cached(experiment)(a=1)
        boot.cached(experiment)(a=2)
    assert calls == [(1, "x"), (2, "x")]
