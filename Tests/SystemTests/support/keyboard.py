"""A page without a mouse: where the Tab key leads, and whether that is seen."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

# What can be used of a page, and is shown.
USABLE = """
const usable = 'button, a[href], input, select, textarea, summary, audio[controls], [tabindex="0"]';
return [...document.querySelectorAll(usable)]
    .filter((element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }))
    // Of a group of radio buttons the Tab key reaches one.
    .filter((element) => element.type !== 'radio' || element.checked);
"""
# Whether the element with the focus is in sight and marked, by itself or by what stands for it.
MARKED = """
const element = document.activeElement;
const { width, height, top, left } = element.getBoundingClientRect();
const marked = [element, element.nextElementSibling].some((one) => {
    const { outlineStyle, outlineWidth } = one ? getComputedStyle(one) : {};
    return outlineStyle && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
});
const isInSight = width > 0 && height > 0 && top < innerHeight && top + height > 0 && left < innerWidth && left + width > 0;
return marked && isInSight;
"""


def press(browser, *keys: str):
    ActionChains(browser).send_keys(*keys).perform()


def focused(browser):
    return browser.switch_to.active_element


def describe(browser, element) -> str:
    return browser.execute_script(
        "const [element] = arguments; return element.id || element.name || element.className || element.tagName", element)


def faults(browser, most: int = 120) -> list[str]:
    """What the Tab key does not reach, and stops that are not seen."""
    browser.execute_script("document.activeElement?.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
    wanted = browser.execute_script(USABLE)
    assert wanted, "nothing can be used"
    found, unseen = [], []
    for _ in range(most):
        press(browser, Keys.TAB)
        element = focused(browser)
        if element in found:
            break
        if element.tag_name == "body":
            continue
        found.append(element)
        if not browser.execute_script(MARKED):
            unseen.append(element)
    missed = [f"not reached: {describe(browser, element)}" for element in wanted if element not in found]
    return missed + [f"not seen: {describe(browser, element)}" for element in unseen]


def go_to(browser, element, most: int = 120):
    """Presses the Tab key until the focus is there."""
    for _ in range(most):
        if focused(browser) == element:
            return
        press(browser, Keys.TAB)
    raise AssertionError(f"the Tab key does not lead to {describe(browser, element)}")
