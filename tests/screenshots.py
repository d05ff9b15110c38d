"""Screenshots of every built page: the picture in the README, and a folder of them to look at.

``python -m tests.screenshots`` writes ``assets/images/linear_collapse.png``; with a folder as its
argument it also writes every page there: both languages, light and dark, projector, presenter, phone.
"""

import sys
from itertools import product
from pathlib import Path

from explainer import contents, texts
from tests.browser.chromium import PHONE, PROJECTOR, launch, settle
from tests.server import ROOT, serve

README_PICTURE = ROOT / "assets" / "images" / "linear_collapse.png"
README_QUERY = "lang=en&present=1&answer=1&w21=1.5&w22=-1.2&w2=0.8"


def main() -> None:
    with serve() as server, launch() as browser:

        def shoot(path: Path, url: str, size: dict, scheme: str, movement: str | None = None) -> None:
            context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB")
            page = context.new_page()
            page.goto(server.url + url)
            settle(page)
            if movement is None:  # the whole page
                height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                page.set_viewport_size({**size, "height": height})
                settle(page)
            page.screenshot(path=path)
            context.close()
            print(path)

        shoot(README_PICTURE, f"/linear_collapse?{README_QUERY}", PROJECTOR, "light", "two_regressions")
        if len(sys.argv) < 2:
            return
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        for name, lang, scheme in product(contents.built_pages(), texts.LANGUAGES, ("light", "dark")):
            url = f"/{'' if name == contents.HOME else name}?lang={lang}"
            for room, size in (("projector", PROJECTOR), ("phone", PHONE)):
                shoot(folder / f"{name}-{lang}-{scheme}-{room}.png", url, size, scheme)
            movements = [
                key
                for key in texts.load(name, lang).sections
                if f"{key}_more" in texts.load(name, lang).sections
            ]
            for at in [*movements, "slides", "try"] if movements else []:
                path = folder / f"{name}-{lang}-{scheme}-presenter-{at}.png"
                shoot(path, f"{url}&present=1&at={at}&answer=1", PROJECTOR, scheme, at)


if __name__ == "__main__":
    main()
