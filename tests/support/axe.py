"""What axe-core finds wrong with pages, for who reads them with the keyboard, a screen reader or weak eyes."""

from __future__ import annotations

from collections.abc import Iterable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright


def violations(browser: str, addresses: Iterable[str], themes: Iterable[str] = ("light", "dark")) -> list[str]:
    """Return each violation as theme, address, rule and the first element; one start of the browser serves all.

    Args:
        browser: the path of a Chromium.
        addresses: of the pages, `file:` or `http:`.
    """
    found = []
    pages = list(addresses)
    with sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for theme in themes:
            # The pages allow no scripts, not even this one.
            tab = chromium.new_page(color_scheme=theme, bypass_csp=True)  # type: ignore[arg-type]
            for address in pages:
                tab.goto(address)
                broken = Axe().run(tab).response["violations"]
                found += [f"{theme} {address}: {rule['id']} at {rule['nodes'][0]['target']}" for rule in broken]
        chromium.close()
    return found
