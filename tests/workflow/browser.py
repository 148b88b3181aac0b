"""Snakemake's report in Debian's Chromium: what a reader who clicks through it sees."""

import base64
import contextlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

# Debian's packages, each by a program that it brings.
PACKAGES = {"chromium": "chromium", "chromedriver": "chromium-driver"}
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1400,900"),
)
WAIT = 60
POLL = 0.05
# The report marks the line whose result is shown by this class.
CHOSEN = "bg-slate-700"
# A click misses a menu that slides.
STILL = """
    const style = document.createElement("style");
    style.textContent = "* { transition: none !important }";
    document.head.append(style);
"""
DRAWN = "return arguments[0].complete && arguments[0].naturalWidth > 0"
CELLS = "return [...document.querySelectorAll('tr')].map(row => [...row.cells].map(cell => cell.innerText.trim()))"


@dataclass(frozen=True)
class Result:
    """A line of the report.

    Attributes
    ----------
    folders
        Where it is found: category and topic.
    labels
        The cells of its line.
    path
        Its file, as the page of its description says.
    caption
        Its description there.
    shown
        What a click on its eye shows: the bytes of a picture, once it is drawn, or the rows of the tables of a page; of
        a file to download, its bytes.
    """

    folders: tuple[str, ...]
    labels: tuple[str, ...]
    path: str
    caption: str
    shown: bytes | list[list[str]]


@dataclass(frozen=True)
class Visit:
    """What a reader has seen of a report.

    Attributes
    ----------
    description
        The text of its first page.
    links
        Of that text, each with the folder that it opens.
    results
        All that its folders list.
    errors
        What the browser's console tells of errors, and requests that failed.
    requests
        Addresses that were asked for, but for those that hold the data themselves.
    """

    description: str
    links: dict[str, str]
    results: list[Result]
    errors: list[str]
    requests: list[str]


def visit(report: Path, profile: Path) -> Visit:
    """Click through a report, with a browser whose profile is new."""
    with chromium(profile) as driver:
        # The browser's own first page asks for much.
        driver.get("about:blank")
        for log in ("browser", "performance"):
            driver.get_log(log)
        driver.get(report.as_uri())
        reader = Reader(driver)
        reader.wait("#rulegraph canvas, #rulegraph svg")
        driver.execute_script(STILL)
        description, links, results = reader.wait(".prose").text, reader.links(), list(reader.results())
        console = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
        messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    failed = [str(message["params"]) for message in messages if message["method"] == "Network.loadingFailed"]
    asked = [message["params"] for message in messages if message["method"] == "Network.requestWillBeSent"]
    requests = [params["request"]["url"] for params in asked if not params["request"]["url"].startswith("data:")]
    return Visit(description, links, results, console + failed, requests)


@contextlib.contextmanager
def chromium(profile: Path) -> Iterator[webdriver.Chrome]:
    """Start Chromium, and end it."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for option in (*OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def data_of(address: str) -> bytes:
    """Return the data that an address of the kind `data:...;base64,...` holds."""
    return base64.b64decode(address.partition(";base64,")[2])


class Reader:
    """A reader of an opened report, which shows a menu below its path on the left, and the chosen result beside it.

    Each click is followed by waiting for what it does, since the page is drawn anew after it.
    """

    def __init__(self, driver: webdriver.Chrome):
        self.driver = driver

    def find(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, condition: Callable[[], Any], message: str) -> Any:
        """Return what a condition returns, once that is true."""
        wait = WebDriverWait(self.driver, WAIT, POLL, ignored_exceptions=[StaleElementReferenceException])
        return wait.until(lambda _: condition(), message)

    def wait(self, selector: str) -> WebElement:
        """Return the first element of a selector that is displayed, once there is one."""
        return self.until(
            lambda: next((element for element in self.find(selector) if element.is_displayed()), None),
            f"nothing is displayed of {selector}",
        )

    def menu(self) -> list[str]:
        """Return the entries of the menu; none where it is a list of results."""
        return [link.text.strip() for link in self.find("nav ul a")]

    def path(self) -> list[str]:
        """Return the path to what is shown, from the first page on."""
        return [entry.text for entry in self.find("nav ol li") if entry.text]

    def named(self, name: str) -> WebElement:
        """Return an entry of the menu or of the path."""
        return self.until(
            lambda: next((link for link in self.find("nav a") if link.text.strip() == name), None),
            f"{name} is not there",
        )

    def open(self, folder: str) -> None:
        self.named(folder).click()
        self.until(lambda: self.path()[-1:] == [folder], f"{folder} is not opened")

    def home(self) -> None:
        self.find("nav ol a")[0].click()
        self.until(lambda: not self.path(), "the first menu is not shown")

    def links(self) -> dict[str, str]:
        """Click on each link of the description, and return the folders that they open."""
        opened = {}
        for index in range(len(self.find(".prose a"))):
            link = self.find(".prose a")[index]
            name = link.text
            link.click()
            opened[name] = self.until(self.path, f"{name} opens nothing")[-1]
            self.home()
            self.named("Workflow").click()
            self.wait("#rulegraph")
        return opened

    def results(self) -> Iterator[Result]:
        """Click through all categories and topics."""
        self.home()
        for category in [name for name in self.menu() if name not in ("Workflow", "Statistics", "About")]:
            self.open(category)
            topics = self.menu()
            for topic in topics:
                self.open(topic)
                yield from self.listed((category, topic))
                self.open(category)
            if not topics:
                yield from self.listed((category,))
            self.home()

    def listed(self, folders: tuple[str, ...]) -> Iterator[Result]:
        """Look at each result of a list, and read its description."""
        for index in range(len(self.find("nav tbody tr"))):
            row = self.find("nav tbody tr")[index]
            labels = tuple(cell.text for cell in row.find_elements(By.TAG_NAME, "td")[:-1])
            eye, information = row.find_elements(By.TAG_NAME, "a")
            if eye.get_dom_attribute("download"):
                shown = data_of(eye.get_attribute("href"))
            else:
                eye.click()
                self.until(partial(self.is_chosen, index), f"{labels} is not chosen")
                shown = self.shown()
            information.click()
            caption = self.wait("nav li.prose").text
            yield Result(folders, labels, self.path()[-1], caption, shown)
            self.open(folders[-1])

    def is_chosen(self, index: int) -> bool:
        return bool(self.find("nav tbody tr")[index].find_elements(By.CSS_SELECTOR, f".{CHOSEN}"))

    def shown(self) -> bytes | list[list[str]]:
        """Return the picture to the right, once it is drawn, or the rows of the tables of a page."""
        element = self.wait("div.grow > div > img, div.grow > iframe")
        if element.tag_name == "img":
            self.until(lambda: self.driver.execute_script(DRAWN, element), "a picture is not drawn")
            return data_of(element.get_attribute("src"))
        self.driver.switch_to.frame(element)
        self.wait("table")
        rows = self.driver.execute_script(CELLS)
        self.driver.switch_to.default_content()
        return rows
